import { closeSync, statSync, type BigIntStats } from 'node:fs';

import { Command } from 'commander';

import { exitStatus, setStatus } from '../exit-status.js';
import { amount, output, print, printable, styled, warn } from '../terminal.js';
import { extensionOption } from '../tree/extensions.js';
import type { Identity } from '../tree/file.js';
import { openRoot } from '../tree/walk.js';
import { writeWhole } from '../write-whole.js';
import { examineCode } from './examine.js';
import { formatManifest } from './format.js';

interface Options {
  out: string;
  ext?: string[];
}

export function manifest(): Command {
  return new Command('manifest')
    .description('write down the code of an application by its content, for verify and seal')
    .argument('<dir>', 'the application')
    .requiredOption('--out <file>', 'where to write it; - is standard output')
    .addOption(extensionOption())
    .addHelpText(
      'after',
      `
Each file of code (what "mayexec scan" takes for it) is there with its path in the
directory, SHA-256, whether it has x, and package. The same files give the same bytes on
every host, for every user and umask. The file is written whole or not at all.

Exit status: 0 written, 1 written, but a symbolic link leads to code elsewhere, 2 not
written.`,
    )
    .action(async (directory: string, { out, ext = [] }: Options) => {
      const root = openRoot(directory);
      try {
        setStatus(await make(root, directory, out, ext.sort()));
      } finally {
        closeSync(root);
      }
    });
}

async function make(
  root: number,
  directory: string,
  out: string,
  extensions: string[],
): Promise<number> {
  const { files, links, unexamined } = await examineCode(
    root,
    directory,
    extensions,
    identityOf(out),
  );
  for (const { path, errno } of unexamined) {
    warn(`${printable(path)}: could not be examined (${errno})`);
  }
  if (unexamined.length > 0) {
    warn('nothing was written: a manifest has to have all of the code');
    return exitStatus.failure;
  }
  const text = formatManifest({ extensions, files });
  if (out === '-') output.write(1, text);
  else {
    writeWhole(out, text);
    print(`${styled('green', amount(files.length, 'file'))} of code in ${printable(out)}`);
  }
  for (const path of links) {
    warn(`${printable(path)}: a symbolic link that leaves the tree; what it leads to is not in it`);
  }
  return links.length > 0 ? exitStatus.findings : exitStatus.ok;
}

/** Which file has the name now: an earlier manifest, which is no code. */
function identityOf(file: string): Identity | undefined {
  const stat: BigIntStats | undefined = statSync(file, { bigint: true, throwIfNoEntry: false });
  return stat && { dev: String(stat.dev), ino: String(stat.ino) };
}
