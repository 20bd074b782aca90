import { hash } from 'node:crypto';
import { existsSync, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';

import { NotFoundError } from '../../errors.js';
import { printable } from '../terminal.js';
import { pathOfFd } from '../tree/open.js';
import { Journal, JournalError } from './journal.js';

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
export function openOldJournal(root: number, named: string | undefined): Journal {
  const file = named ?? journalOf(pathOfFd(root));
  try {
    return Journal.open(file, { create: false });
  } catch (error) {
    if (!(error instanceof NotFoundError)) throw error;
    throw new JournalError(
      `${printable(file)}: there is no such journal: nothing was sealed, or everything is undone. Name the journal with --journal if the directory had another name then`,
    );
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
