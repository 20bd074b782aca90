import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { Command } from 'commander';

import { exitStatus, setStatus } from './exit-status.js';
import { print, printable, warn } from './terminal.js';

const TABLES = join('dist', 'launcher-tables.mjs');

class BuildError extends Error {}

function step(folder: string, program: string, words: readonly string[]): void {
  const { status, error } = spawnSync(program, words, { cwd: folder, stdio: 'inherit' });
  if (status === 0) return;
  const why = error === undefined ? `ended with status ${status ?? 'unknown'}` : error.message;
  throw new BuildError(
    `${[program, ...words].join(' ')}: ${why}. The build needs npm, a registry, python3, make and a C++ compiler`,
  );
}

/** Builds in a separate folder, and puts the file where the loader looks second. */
function build(): void {
  const manifest = createRequire(import.meta.filename).resolve('mayexec/package.json');
  const root = dirname(manifest);
  const { version, devDependencies } = JSON.parse(readFileSync(manifest, 'utf8')) as {
    version: string;
    devDependencies: Record<string, string>;
  };
  const folder = mkdtempSync(join(tmpdir(), 'mayexec-build-'));
  try {
    cpSync(join(root, 'native'), join(folder, 'native'), { recursive: true });
    // The package has it in native/, because package managers would build by a binding.gyp at the
    // top.
    const description = ['native/binding.gyp', 'binding.gyp'].map((file) => join(root, file));
    copyFileSync(description.find(existsSync) ?? manifest, join(folder, 'binding.gyp'));
    // The source of the tables of mayexec-run.
    mkdirSync(join(folder, 'dist'));
    copyFileSync(join(root, TABLES), join(folder, TABLES));
    const { 'node-gyp': gyp, 'node-addon-api': headers } = devDependencies;
    const dependencies = { 'node-gyp': gyp, 'node-addon-api': headers };
    const own = { name: 'mayexec', version, private: true, gypfile: false, dependencies };
    writeFileSync(join(folder, 'package.json'), JSON.stringify(own));
    step(folder, 'npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund']);
    step(folder, process.execPath, ['node_modules/node-gyp/bin/node-gyp.js', 'rebuild']);

    const built = join(folder, 'build', 'Release');
    const out = join(root, 'build', 'Release');
    mkdirSync(out, { recursive: true });
    for (const file of ['mayexec.node', 'mayexec-run']) {
      // Without a static libc there is no launcher.
      if (!existsSync(join(built, file))) continue;
      // Copy beside it and rename, because a process may have the old file mapped.
      copyFileSync(join(built, file), join(out, `${file}.new`));
      renameSync(join(out, `${file}.new`), join(out, file));
      print(printable(`Wrote ${join(out, file)}.`));
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export function buildAddon(): Command {
  return new Command('build-addon')
    .description('build the native addon on this machine, if the package has no binary for it')
    .action(() => {
      try {
        build();
      } catch (error) {
        if (!(error instanceof BuildError)) throw error;
        warn(printable(error.message, '\n'));
        setStatus(exitStatus.failure);
      }
    });
}
