import { hash } from 'node:crypto';
import { existsSync, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';

import { NotFoundError } from '../../errors.js';
import { printable } from '../terminal.js';
import { pathOfFd } from '../tree/walk.js';
import { Journal, JournalError } from './journal.js';

/**
 * Where the journal of a tree is unless --journal names another: not in the tree, which is
 * committed, copied, packed and made an image of. Its name is that of no other tree.
 */
export function journalOf(tree: string): string {
  const name = hash('sha256', tree).slice(0, 32);
  return join(stateDirectory(), 'mayexec', 'seal', `${name}.jsonl`);
}

/** The XDG Base Directory Specification's; for root that of the system, whatever HOME says. */
function stateDirectory(): string {
  const { XDG_STATE_HOME: given = '' } = process.env;
  if (isAbsolute(given)) return given;
  return process.geteuid?.() === 0 ? '/var/lib' : join(homedir(), '.local', 'state');
}

/** Opens the journal that was named, or makes that of the tree. The caller closes it. */
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
      `${printable(file)}: there is no such journal: nothing was sealed, or all of it is undone. Name the journal with --journal if the directory had another name then`,
    );
  }
}

/** Makes a directory, and those above it. mkdir with `recursive` never ends in a /proc. */
function makeDirectories(path: string): void {
  if (existsSync(path)) return;
  const above = dirname(path);
  if (above !== path) makeDirectories(above);
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    // Somebody else has made it meanwhile.
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return;
    throw new JournalError(
      `${(error as Error).message}: name another place for the journal with --journal, or go without by --no-journal`,
    );
  }
}
