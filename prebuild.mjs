/*
 * Makes prebuilds/, the native files that the published package brings: a folder
 * an architecture, for every libc. Run by `npm pack`. Built in a copy, so that
 * the checkout's own build stays, and two builds in two folders give the same
 * bytes (.ci/binary compares them).
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = import.meta.dirname;
const out = join(root, 'prebuilds');
// Of a Node that package-lock.json names, whatever Node runs this.
const headers = join(root, 'node_modules/node-22');
const targets = { x64: 'x86_64-linux-gnu', arm64: 'aarch64-linux-gnu' };

function build(arch, triplet) {
  const folder = mkdtempSync(join(tmpdir(), `mayexec-${arch}-`));
  try {
    for (const source of ['binding.gyp', 'native', 'package.json', 'bundle.mjs', 'src']) {
      cpSync(join(root, source), join(folder, source), { recursive: true });
    }
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    const tools = { CC: `${triplet}-gcc`, CXX: `${triplet}-g++`, AR: `${triplet}-ar` };
    execFileSync(
      process.execPath,
      [
        join(root, 'node_modules/node-gyp/bin/node-gyp.js'),
        'rebuild',
        `--arch=${arch}`,
        `--nodedir=${headers}`,
      ],
      { cwd: folder, env: { ...process.env, ...tools }, stdio: ['ignore', 'ignore', 'inherit'] },
    );
    mkdirSync(join(out, `linux-${arch}`), { recursive: true });
    for (const file of ['mayexec.node', 'mayexec-run']) {
      cpSync(join(folder, 'build/Release', file), join(out, `linux-${arch}`, file));
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (process.platform !== 'linux') {
  console.error('prebuild: the native files can be built on Linux only');
  process.exit(1);
}
rmSync(out, { recursive: true, force: true });
for (const [arch, triplet] of Object.entries(targets)) {
  if (spawnSync(`${triplet}-g++`, ['--version']).status === 0) {
    build(arch, triplet);
    continue;
  }
  const lacking = `prebuild: no ${triplet}-g++ here, so the package has no native files for ${arch} (Debian: g++-${triplet.replace('_', '-')})`;
  console.error(lacking);
  if (process.env.MAYEXEC_REQUIRE_ALL === '1') process.exit(1);
}
