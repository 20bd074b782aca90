import { hash } from 'node:crypto';
import { closeSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';

import { NotFoundError } from '../../errors.js';
import { printable, quotedPath } from '../terminal.js';
import { openFile, sha256Of, stateOf } from '../tree/file.js';
import { pathOfFd } from '../tree/open.js';
import { Journal, JournalError, type Entry } from './journal.js';

/**
 * The default place of a tree's journal. It is outside the tree, because the tree may be committed,
 * copied or packed. Each tree has its own name.
 */
export function journalOf(tree: string): string {
  const name = hash('sha256', tree).slice(0, 32);
  return join(stateDirectory(), 'mayexec', 'seal', `${name}.jsonl`);
}

/**
 * The state directory of the XDG Base Directory Specification. For root it is the system's,
 * whatever HOME is.
 */
function stateDirectory(): string {
  const { XDG_STATE_HOME: given = '' } = process.env;
  if (isAbsolute(given)) return given;
  return process.geteuid?.() === 0 ? '/var/lib' : join(homedir(), '.local', 'state');
}

/** Opens the named journal, or creates the tree's own. The caller closes it. */
export function openJournal(root: number, named: string | undefined): Journal {
  const file = named ?? journalOf(pathOfFd(root));
  if (named === undefined) makeDirectories(dirname(file));
  return Journal.open(file, { create: true });
}

/** Opens the journal that seal has left. The caller closes it. */
export function openOldJournal(
  root: number,
  directory: string,
  named: string | undefined,
): Journal {
  const file = named ?? journalOf(pathOfFd(root));
  try {
    return Journal.open(file, { create: false });
  } catch (error) {
    if (!(error instanceof NotFoundError)) throw error;
    const none = `${printable(file)}: there is no such journal: nothing was sealed, or everything is undone`;
    const fitting = named === undefined ? journalThatFits(root, dirname(file)) : undefined;
    throw new JournalError(
      fitting === undefined
        ? `${none}. Name the journal with --journal if it is another one`
        : `${none}. But the journal of another directory fits these files. If this one had another name when it was sealed: mayexec seal --undo --journal ${printable(quotedPath(fitting))} ${printable(quotedPath(directory))}`,
    );
  }
}

/** How many lines of a journal are compared. */
const COMPARED = 20;

/** A journal of another directory with a file of this one, as after the directory was moved. */
function journalThatFits(root: number, folder: string): string | undefined {
  const names = existsSync(folder) ? readdirSync(folder).sort() : [];
  return names.map((name) => join(folder, name)).find((file) => fits(root, file));
}

function fits(root: number, file: string): boolean {
  try {
    const journal = Journal.open(file, { create: false });
    try {
      return journal
        .read()
        .slice(0, COMPARED)
        .some((entry) => isSealed(root, entry));
    } finally {
      journal.close();
    }
  } catch {
    // Another seal uses it, or it is none.
    return false;
  }
}

function isSealed(root: number, { path, sha256, to }: Entry): boolean {
  const fd = openFile(root, path);
  if (typeof fd !== 'number') return false;
  try {
    const { mode, regular } = stateOf(fd);
    return regular && mode === to && sha256Of(fd) === sha256;
  } finally {
    closeSync(fd);
  }
}

/** Creates a directory and its parents. mkdir with `recursive` would never end in /proc. */
function makeDirectories(path: string): void {
  if (existsSync(path)) return;
  const above = dirname(path);
  if (above !== path) makeDirectories(above);
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    // Another process has created it meanwhile.
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return;
    throw new JournalError(
      `${(error as Error).message}: name another place for the journal with --journal, or use --no-journal`,
    );
  }
}
