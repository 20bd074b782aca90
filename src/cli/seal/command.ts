import { closeSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { Command, Option } from 'commander';

import { addon } from '../../addon.js';
import { NO_RECORD, tellUnread, type Unread } from '../read-audit-log.js';
import { exitStatus, setStatus } from '../exit-status.js';
import { fileName } from '../file-name.js';
import { checkPairs } from '../goes-with.js';
import { readManifest } from '../manifest/read.js';
import { withProgress } from '../progress.js';
import { warnUnexamined, type Unexamined } from '../report/findings.js';
import { amount, print, printable, printJson, quotedPath, styled, warn } from '../terminal.js';
import { extensionOption } from '../tree/extensions.js';
import { listTree } from '../tree/list.js';
import { display } from '../tree/path.js';
import { openRoot, pathOfFd } from '../tree/open.js';
import { applySeal } from './apply.js';
import { bytecodeOption, writeBytecode } from './bytecode.js';
import {
  candidatesFromAudit,
  candidatesFromListing,
  candidatesFromManifest,
  type Candidate,
} from './candidates.js';
import { takeDirectory } from './given-directory.js';
import { openJournal } from './journal-place.js';
import { lock } from './lock.js';
import { planSeal, type Plan } from './plan.js';
import { complain, tellMissing, type Refused } from './refusal.js';
import { undoByJournal } from './undo-command.js';

interface Options {
  json?: boolean;
  dryRun?: boolean;
  undo?: boolean;
  fromAudit?: string[];
  manifest?: string;
  lockfile?: string | true;
  cache?: string;
  allowChanged?: string[];
  ext?: readonly string[];
  auditRoot?: string;
  /** False for no journal. */
  journal?: string | false;
  allowWritable?: boolean;
  allowHardLinks?: boolean;
  bytecode?: string;
}

export function seal(): Command {
  return new Command('seal')
    .description('make the code files of an application executable, and nothing else')
    .argument('[dir]', 'the application, or its node_modules')
    .option('-n, --dry-run', 'print what would be done, and change nothing')
    .option('--undo', 'restore the old mode of every file in the journal')
    .addOption(extensionOption().conflicts(['undo', 'fromAudit']))
    .option(
      '--from-audit <log...>',
      'seal only the files that audit logs name (also .gz; - is stdin)',
    )
    .addOption(
      new Option(
        '--manifest <file>',
        'seal only the files of a manifest whose content matches',
      ).conflicts(['undo', 'ext', 'fromAudit']),
    )
    .addOption(
      new Option(
        '--lockfile [file]',
        "seal only package files that npm's registry has published, by package-lock.json and npm's cache",
      ).conflicts(['undo', 'fromAudit', 'manifest']),
    )
    .option('--cache <dir>', "with --lockfile: npm's cache (default: ~/.npm)")
    .option(
      '--allow-changed <what>',
      'with --lockfile: a path, package or name@version that may differ; may be given again',
      (what: string, before: string[] | undefined) => [...(before ?? []), what],
    )
    .option('--audit-root <dir>', 'the path of the directory where the log was written')
    .option(
      '--journal <file>',
      'where to write the old modes (default: outside the tree)',
      fileName,
    )
    .option('--no-journal', 'do not write the old modes: seal cannot be undone')
    .option('--allow-writable', 'also seal files that their group or others may write')
    .option(
      '--allow-hard-links',
      'also seal files with another name outside the tree (pnpm links them from its store)',
    )
    .addOption(bytecodeOption())
    .option('--json', 'print what was done as JSON')
    .addHelpText(
      'after',
      `
Each file gets x for everyone who has r. Code is what "mayexec scan" takes for
it, with the same --ext. Symbolic links are not followed, and setuid files are
never sealed. The old modes are on the disk before any mode changes, so --undo
works even after an interruption. No other process should write to the tree
meanwhile: a file that changes during the work stays unsealed and is reported.

Exit status:
  0  all code is sealed (or restored)
  1  some code was left unchanged
  2  the work could not be done`,
    )
    .action(async (given: string | undefined, options: Options, self: Command) => {
      checkPairs(self, [
        ['--cache', '--lockfile'],
        ['--allow-changed', '--lockfile'],
        ['--audit-root', '--from-audit'],
      ]);
      const directory = given ?? takeDirectory(options);
      if (options.undo === true && options.journal === false) {
        self.error('error: --undo needs a journal');
      }
      if (directory === undefined) return self.error("error: missing required argument 'dir'");
      const root = openRoot(directory);
      try {
        if (options.dryRun !== true) lock(root, directory);
        const status = options.undo
          ? await undoByJournal(root, directory, options)
          : await apply(root, directory, options);
        setStatus((await writeBytecode(root, directory, options)) ?? status);
      } finally {
        closeSync(root);
      }
    });
}

interface Work {
  candidates: Candidate[];
  links: string[];
  unexamined: Unexamined[];
  unread: Unread;
  /** Files of the audit log outside of the directory. */
  outside: number;
  /** Whether the logs have no record. */
  isEmpty: boolean;
  /** Files that were refused before, and why. */
  refused: Refused[];
}

async function workFor(
  root: number,
  directory: string,
  { fromAudit, auditRoot, manifest, lockfile, cache, allowChanged = [], ext = [] }: Options,
): Promise<Work> {
  const unread = { lines: 0, logs: [] };
  const nothing = { links: [], unexamined: [], unread, outside: 0, isEmpty: false, refused: [] };
  if (manifest !== undefined) {
    return { candidates: candidatesFromManifest(readManifest(manifest)), ...nothing };
  }
  if (fromAudit !== undefined) {
    const at = auditRoot === undefined ? pathOfFd(root) : resolve(auditRoot);
    return { ...nothing, ...(await candidatesFromAudit(fromAudit, at)) };
  }
  const listing = await listTree(root, directory, ext);
  const { links, unexamined } = listing;
  const found = { ...nothing, candidates: candidatesFromListing(listing), links, unexamined };
  if (lockfile === undefined) return found;
  const { approveByLockfile } = await import('./lockfile.js');
  const isOwn = lockfile === true;
  const file = isOwn ? join(directory, 'package-lock.json') : lockfile;
  const options = { cache, allowed: allowChanged, isOwn };
  return { ...found, ...(await approveByLockfile(file, found.candidates, options)) };
}

async function apply(root: number, directory: string, options: Options): Promise<number> {
  const { json = false, dryRun = false, allowWritable = false, allowHardLinks = false } = options;
  const work = await workFor(root, directory, options);
  const { candidates, links, unexamined, unread, outside, isEmpty } = work;
  const plan = planSeal(root, candidates, { allowWritable, allowHardLinks });
  plan.refused = plan.refused.concat(work.refused);
  const sealed = await carryOut(root, directory, plan, options);
  const { already, refused } = plan;
  const left = new Set(refused.map(({ path }) => path));
  const planned = plan.entries.map(({ path }) => display(path)).filter((path) => !left.has(path));
  planned.sort();
  if (json) {
    printJson({
      root: directory,
      dryRun,
      planned,
      sealed,
      already,
      refused,
      links,
      unexamined,
      unread: unread.lines,
      unreadLogs: unread.logs,
      outside,
      missing: plan.missing,
    });
  } else {
    if (dryRun) for (const path of planned) print(`would seal ${printable(path)}`);
    print(
      `${styled('green', `${amount(dryRun ? planned.length : sealed, 'file')} ${dryRun ? 'would be sealed' : 'sealed'}`)}, ${already} had x already, ${refused.length} refused`,
    );
    if (sealed > 0 && options.journal !== false) {
      const journal =
        options.journal === undefined ? '' : ` --journal ${printable(quotedPath(options.journal))}`;
      print(`to undo it: mayexec seal --undo${journal} ${printable(quotedPath(directory))}`);
    }
  }
  const owner = ownerOf(plan);
  if (owner !== undefined) {
    warn(
      `uid ${owner} owns what is sealed, and can change it: let another user own it, or the service run as another (mayexec scan --wx --user ${owner} ${printable(quotedPath(directory))})`,
    );
  }
  if (addon().onNoexecMount(root) === 1) {
    warn(
      `${printable(directory)} is on a mount where nothing can be executed (noexec), which no x bit changes: move it, or remount that with exec`,
    );
  }
  complain(refused);
  for (const path of links) warn(`${printable(path)}: a symbolic link that leaves the tree`);
  warnUnexamined(unexamined);
  const isComplete = tellUnread(unread);
  if (isEmpty) warn(NO_RECORD);
  if (outside > 0)
    warn(`${amount(outside, 'file')} of the log not in this directory: seal that directory too`);
  const isAllMissing =
    options.fromAudit !== undefined && tellMissing(plan.missing, candidates.length);
  const failed = refused.some(({ refusal }) => refusal === 'failed');
  if (failed || unexamined.length > 0 || !isComplete || isEmpty) return exitStatus.failure;
  return refused.length > 0 || links.length > 0 || isAllMissing
    ? exitStatus.findings
    : exitStatus.ok;
}

/** An owner of sealed files who is not root. */
function ownerOf({ owners }: Plan): number | undefined {
  for (const uid of owners) if (uid !== 0) return uid;
  return undefined;
}

async function carryOut(
  root: number,
  directory: string,
  plan: Plan,
  { dryRun = false, journal: file }: Options,
): Promise<number> {
  if (plan.entries.length === 0) return 0;
  let done = 0;
  const work = async (): Promise<number> => {
    const journal = dryRun || file === false ? undefined : openJournal(root, file);
    let sealed = 0;
    try {
      for (const batch of applySeal(root, plan, { journal, dryRun })) {
        sealed += batch.sealed;
        done = batch.done;
        // The event loop draws the progress.
        await new Promise(setImmediate);
      }
      return sealed;
    } catch (error) {
      // For example, the disk is full. The journal is complete for every changed mode.
      const where = printable(quotedPath(directory));
      const at = typeof file === 'string' ? ` --journal ${printable(quotedPath(file))}` : '';
      warn(
        sealed === 0
          ? 'no file was sealed'
          : `${amount(sealed, 'file')} sealed before it failed. To undo that: mayexec seal --undo${at} ${where}; to go on: mayexec seal${at} ${where}`,
      );
      throw error;
    } finally {
      journal?.close();
    }
  };
  return withProgress(directory, work(), () => ({
    done,
    total: plan.entries.length,
    text: 'files',
  }));
}
