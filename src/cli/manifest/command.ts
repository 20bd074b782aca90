import { closeSync, statSync, type BigIntStats } from 'node:fs';
import { resolve } from 'node:path';

import { Command, Option } from 'commander';

import { exitStatus, setStatus } from '../exit-status.js';
import { warnUnexamined } from '../report/findings.js';
import { amount, output, print, printable, styled, warn } from '../terminal.js';
import { extensionOption } from '../tree/extensions.js';
import type { Identity } from '../tree/file.js';
import { display } from '../tree/path.js';
import { openRoot, pathOfFd } from '../tree/open.js';
import { writeWhole } from '../write-whole.js';
import { examineCode } from './examine.js';
import { formatManifest, type ManifestFile } from './format.js';
import { lineFor, SINKS, type Sink } from './sinks.js';

interface Options {
  out: string;
  ext?: string[];
  format: 'mayexec' | Sink;
  prefix?: string;
}

export function manifest(): Command {
  return new Command('manifest')
    .description("write the hashes of an application's code to a file, for verify and seal")
    .argument('<dir>', 'the application')
    .requiredOption('--out <file>', 'where to write it; - is standard output')
    .addOption(extensionOption())
    .addOption(
      new Option('--format <format>', 'for whom: mayexec, or another program')
        .choices(['mayexec', ...SINKS])
        .default('mayexec'),
    )
    .option(
      '--prefix <dir>',
      'with another format: where the application will be (default: where it is)',
    )
    .addHelpText(
      'after',
      `
Code is what "mayexec scan" takes for it. Each file is listed with its path in
the directory, its SHA-256, its package, and whether it has x. The same files
give the same bytes on every host, for every user and umask. The file is written
whole or not at all.

--format writes the list for another program: fapolicyd's trust file, the output
of "fsverity digest", or paths that end with a NUL, for "xargs -0".

Exit status:
  0  written
  1  written, but a symbolic link leads to code elsewhere
  2  not written`,
    )
    .action(async (directory: string, options: Options, self: Command) => {
      if (options.prefix !== undefined && options.format === 'mayexec') {
        self.error('error: --prefix is for another format: a manifest has relative paths');
      }
      const root = openRoot(directory);
      try {
        setStatus(await make(root, directory, options));
      } finally {
        closeSync(root);
      }
    });
}

async function make(
  root: number,
  directory: string,
  { out, ext = [], format, prefix }: Options,
): Promise<number> {
  const extensions = ext.sort();
  const lines = new Map<ManifestFile, string>();
  const unsaid: string[] = [];
  const at = prefix === undefined ? pathOfFd(root) : resolve(prefix);
  const add = (file: ManifestFile, fd: number): void => {
    if (format === 'mayexec') return;
    const line = lineFor(format, file, at, fd);
    if (line === undefined) unsaid.push(display(file.path));
    else lines.set(file, line);
  };
  const leaveOut = identityOf(out);
  const found = await examineCode(root, directory, extensions, leaveOut, add);
  const { files, links, unexamined } = found;
  for (const path of unsaid) {
    warn(`${printable(path)}: ${format} has no way to write this name: rename the file`);
  }
  warnUnexamined(unexamined);
  if (unexamined.length + unsaid.length > 0) {
    warn('nothing was written, because a manifest must have all of the code');
    return exitStatus.failure;
  }
  const text =
    format === 'mayexec'
      ? formatManifest({ extensions, files })
      : files.map((file) => lines.get(file)).join('');
  if (out === '-') output.write(1, text);
  else {
    writeWhole(out, text);
    print(`${styled('green', amount(files.length, 'file'))} of code in ${printable(out)}`);
  }
  for (const path of links) {
    warn(
      `${printable(path)}: a symbolic link that leaves the tree, so its target is not in the manifest`,
    );
  }
  return links.length > 0 ? exitStatus.findings : exitStatus.ok;
}

/** The file that has the name now. It is an earlier manifest, so it is not code. */
function identityOf(file: string): Identity | undefined {
  const stat: BigIntStats | undefined = statSync(file, { bigint: true, throwIfNoEntry: false });
  return stat && { dev: String(stat.dev), ino: String(stat.ino) };
}
