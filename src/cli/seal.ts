import { closeSync, readFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';

import { Command, InvalidArgumentError } from 'commander';

import { constants } from '../constants.js';
import { openat2Sync } from '../openat2.js';
import { exitStatus, setStatus } from './exit-status.js';
import type { Unexamined } from './scan/findings.js';
import { Journal } from './journal.js';
import { withProgress } from './progress.js';
import {
  applySeal,
  candidatesFromAudit,
  candidatesFromListing,
  planSeal,
  undoSeal,
  type Candidate,
  type Plan,
  type Refusal,
  type Refused,
} from './seal-tree.js';
import { amount, print, printable, printJson, quoted, styled, warn } from './terminal.js';
import { display } from './tree-records.js';
import { listTree, openRoot, pathOfFd } from './tree.js';

const JOURNAL = '.mayexec-seal.jsonl';

interface Options {
  json?: boolean;
  dryRun?: boolean;
  undo?: boolean;
  fromAudit?: string;
  journal?: string;
  allowWritable?: boolean;
  allowHardLinks?: boolean;
}

export function seal(): Command {
  return new Command('seal')
    .description('make the code files of an application executable, and nothing else')
    .argument('<dir>', 'the application, or its node_modules')
    .option('-n, --dry-run', 'say what would be done, and do nothing')
    .option('--undo', 'give every file in the journal the mode that it had')
    .option('--from-audit <file>', 'seal just the files that an audit log names')
    .option('--journal <file>', `where to write the old modes (default: DIR/${JOURNAL})`, notEmpty)
    .option('--allow-writable', 'seal files, too, that their group or others may write')
    .option(
      '--allow-hard-links',
      'seal files, too, that have another name outside the tree (pnpm links them from its store)',
    )
    .option('--json', 'print what was done as JSON')
    .addHelpText(
      'after',
      `
Each file gets x for everyone who has r. Code is what "mayexec scan" takes for
it. No symbolic link is followed, and setuid files are never sealed. The old
modes are on the disk before any mode changes, so --undo is right whenever the
work was interrupted. Seal a tree that nobody else writes meanwhile; one that
somebody does is left alone where it changed, and reported.

Exit status: 0 all code is sealed (or restored), 1 some was left as it was, 2
the work could not be done.`,
    )
    .action(async (directory: string, options: Options) => {
      const root = openRoot(directory);
      try {
        setStatus(
          options.undo
            ? await undo(root, directory, options)
            : await apply(root, directory, options),
        );
      } finally {
        closeSync(root);
      }
    });
}

function notEmpty(value: string): string {
  if (value === '') throw new InvalidArgumentError('It must name a file.');
  return value;
}

/** Runs `use` with the journal, which is beneath the root unless a file was named. */
async function withJournal<T>(
  root: number,
  file: string | undefined,
  create: boolean,
  use: (journal: Journal) => T | Promise<T>,
): Promise<T> {
  const directory = openat2Sync(file === undefined ? '.' : dirname(file), {
    flags: constants.O_RDONLY | constants.O_DIRECTORY,
    ...(file === undefined ? { dir: root } : {}),
  });
  try {
    const journal = Journal.open(directory, file === undefined ? JOURNAL : basename(file), {
      create,
    });
    try {
      return await use(journal);
    } finally {
      journal.close();
    }
  } finally {
    closeSync(directory);
  }
}

interface Work {
  candidates: Candidate[];
  links: string[];
  unexamined: Unexamined[];
}

async function workFor(root: number, directory: string, fromAudit?: string): Promise<Work> {
  if (fromAudit !== undefined) {
    const candidates = candidatesFromAudit(readFileSync(fromAudit, 'utf8'), pathOfFd(root));
    return { candidates, links: [], unexamined: [] };
  }
  const listing = await listTree(root, directory);
  const { links, unexamined } = listing;
  return { candidates: candidatesFromListing(listing), links, unexamined };
}

async function apply(root: number, directory: string, options: Options): Promise<number> {
  const { json = false, dryRun = false, allowWritable = false, allowHardLinks = false } = options;
  const { candidates, links, unexamined } = await workFor(root, directory, options.fromAudit);
  const plan = planSeal(root, candidates, { allowWritable, allowHardLinks });
  const planned = plan.entries.map(({ path }) => display(path)).sort();
  let sealed = 0;
  if (!dryRun && plan.entries.length > 0) {
    sealed = await carryOut(root, directory, plan, options.journal);
  }

  const { already, refused } = plan;
  if (json) {
    printJson({ root: directory, dryRun, planned, sealed, already, refused, links, unexamined });
  } else {
    if (dryRun) for (const path of planned) print(`would seal ${printable(path)}`);
    print(
      `${styled('green', `${amount(dryRun ? planned.length : sealed, 'file')} ${dryRun ? 'would be sealed' : 'sealed'}`)}, ${already} had x already, ${refused.length} refused`,
    );
    if (sealed > 0) {
      const journal =
        options.journal === undefined ? '' : ` --journal ${printable(quoted(options.journal))}`;
      print(`to undo it: mayexec seal --undo${journal} ${printable(quoted(directory))}`);
    }
  }
  complain(refused);
  for (const path of links) warn(`${printable(path)}: a symbolic link that leaves the tree`);
  for (const { path, errno } of unexamined) {
    warn(`${printable(path)}: could not be examined (${errno})`);
  }
  if (unexamined.length > 0 || refused.some(({ refusal }) => refusal === 'failed')) {
    return exitStatus.failure;
  }
  return refused.length > 0 || links.length > 0 ? exitStatus.findings : exitStatus.ok;
}

async function carryOut(
  root: number,
  directory: string,
  plan: Plan,
  file: string | undefined,
): Promise<number> {
  let done = 0;
  const work = async (): Promise<number> =>
    withJournal(root, file, true, async (journal) => {
      let sealed = 0;
      for (const batch of applySeal(root, plan, journal)) {
        sealed += batch.sealed;
        done = batch.done;
        // Lets the progress be drawn.
        await new Promise(setImmediate);
      }
      return sealed;
    });
  return withProgress(directory, work(), () => ({
    done,
    total: plan.entries.length,
    text: 'files',
  }));
}

async function undo(
  root: number,
  directory: string,
  { journal: file, json, dryRun }: Options,
): Promise<number> {
  return withJournal(root, file, false, (journal) => {
    const entries = journal.read();
    const undone = undoSeal(root, entries, dryRun ?? false);
    const { restored, already, gone, refused } = undone;
    if (!dryRun && refused.length === 0) journal.remove();
    if (json) printJson({ root: directory, dryRun: dryRun ?? false, ...undone });
    else {
      print(
        `${styled('green', `${amount(restored, 'file')} ${dryRun ? 'would be restored' : 'restored'}`)}, ${already} had their old mode, ${gone.length} gone or replaced, ${refused.length} left as they are`,
      );
    }
    complain(refused);
    if (refused.some(({ refusal }) => refusal === 'failed')) return exitStatus.failure;
    return refused.length > 0 ? exitStatus.findings : exitStatus.ok;
  });
}

const refusals: Readonly<Record<Refusal, string>> = {
  writable: 'its group or others may write it (chmod go-w, or --allow-writable)',
  setuid: 'it is setuid or setgid, and would run as its owner or group',
  'hard-link': 'it has another name outside the tree (copy it, or --allow-hard-links)',
  'not-regular': 'it is no regular file',
  replaced: 'it is not the file that was audited',
  changed: 'it was changed by somebody else meanwhile',
  failed: 'it could not be opened or changed',
};

/** How many files of one kind are named; --json has them all. */
const NAMED = 10;

function complain(refused: readonly Refused[]): void {
  for (const refusal of Object.keys(refusals) as Refusal[]) {
    const found = refused.filter((file) => file.refusal === refusal);
    for (const { path, errno } of found.slice(0, NAMED)) {
      warn(`${printable(path)}: ${refusals[refusal]}${errno === undefined ? '' : ` (${errno})`}`);
    }
    if (found.length > NAMED) {
      warn(`and ${amount(found.length - NAMED, 'other file')}: ${refusals[refusal]}`);
    }
  }
}
