import { closeSync } from 'node:fs';

import { Command } from 'commander';

import { exitStatus, setStatus } from '../exit-status.js';
import { byPath, warnUnexamined } from '../report/findings.js';
import { table } from '../table.js';
import { amount, print, printable, printJson, styled, warn } from '../terminal.js';
import { openRoot } from '../tree/open.js';
import { compare, type Comparison, type Difference } from './compare.js';
import { examineCode } from './examine.js';
import { readManifest } from './read.js';

/** How many files are shown without --all. */
const SHOWN = 20;

interface Options {
  manifest: string;
  json?: boolean;
  all?: boolean;
}

export function verify(): Command {
  return new Command('verify')
    .description('compare the code of an application with a manifest')
    .argument('<dir>', 'the application')
    .requiredOption('--manifest <file>', 'a file from "mayexec manifest"; - is standard input')
    .option('--all', `list every file that differs, not just ${SHOWN}`)
    .option('--json', 'print what differs as JSON')
    .addHelpText(
      'after',
      `
A file differs if it has other content, is not regular, or has lost the x that
it had in the manifest. A file that has gained x does not differ, because seal
gives x.

Exit status:
  0  the code is that of the manifest
  1  something differs, is missing or is new
  2  the manifest cannot be used, or a file could not be examined`,
    )
    .action(async (directory: string, options: Options) => {
      const root = openRoot(directory);
      try {
        setStatus(await verifyTree(root, directory, options));
      } finally {
        closeSync(root);
      }
    });
}

async function verifyTree(root: number, directory: string, options: Options): Promise<number> {
  const { manifest: file, json = false, all = false } = options;
  const { identity, ...manifest } = readManifest(file);
  const found = await examineCode(root, directory, manifest.extensions, identity);
  const result = compare(root, manifest, found);
  const { links } = found;
  const unexamined = [...found.unexamined, ...result.unexamined].sort(byPath);
  if (json) {
    const files = manifest.files.length;
    printJson({ root: directory, manifest: file, files, ...result, links, unexamined });
  } else {
    const isComplete = links.length === 0 && unexamined.length === 0;
    print(textOf(result, { directory, manifest: file, all, isComplete }));
  }
  for (const path of links) {
    warn(`${printable(path)}: a symbolic link that leaves the tree, so its target was not read`);
  }
  warnUnexamined(unexamined);
  if (unexamined.length > 0) return exitStatus.failure;
  const differs = [result.different, result.missing, result.new, links].some(
    ({ length }) => length > 0,
  );
  return differs ? exitStatus.findings : exitStatus.ok;
}

const words: Readonly<Record<Difference, string>> = {
  content: 'differs',
  mode: 'has lost x',
  'not-regular': 'no file',
};

interface Words {
  directory: string;
  manifest: string;
  all: boolean;
  isComplete: boolean;
}

function textOf(result: Comparison, { directory, manifest, all, isComplete }: Words): string {
  const { same, different, missing, new: added } = result;
  const rows = [
    ...different.map(({ difference, ...file }) => ({ ...file, what: words[difference] })),
    ...missing.map((file) => ({ ...file, what: 'missing' })),
    ...added.map(({ executable, ...file }) => ({
      ...file,
      what: executable ? 'new, has x' : 'new',
    })),
  ].map(({ what, path, package: owner = '' }) => [what, printable(path), printable(owner)]);
  const seen = `${amount(same, 'file')} of code in ${printable(directory)} ${same === 1 ? 'is' : 'are'} as ${printable(manifest)} says`;
  if (rows.length === 0) {
    const headline = isComplete
      ? styled('green', 'nothing differs')
      : styled('red', 'nothing found, but not all was read');
    return `${headline}: ${seen}`;
  }
  const counts = `${different.length} ${different.length === 1 ? 'differs' : 'differ'}, ${missing.length} missing, ${added.length} new`;
  const shown = all ? rows : rows.slice(0, SHOWN);
  const more = rows.length - shown.length;
  return [
    `${styled('red', counts)}; ${seen}`,
    '',
    table(shown, ['', 'file', 'package']),
    ...(more > 0 ? [`and ${amount(more, 'other file')}; --all lists every one`] : []),
  ].join('\n');
}
