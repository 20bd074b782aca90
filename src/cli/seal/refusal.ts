import { amount, grouped, printable, warn } from '../terminal.js';
import { display, type TreePath } from '../tree/path.js';

/** The messages for files that stay unchanged. */
const refusals = {
  writable: 'its group or others may write it (chmod go-w, or --allow-writable)',
  setuid: 'it is setuid or setgid, and would run as its owner or group',
  'hard-link': 'it has another name outside the tree (copy it, or --allow-hard-links)',
  'not-regular': 'it is not a regular file',
  replaced: 'its content is not the approved one (examine it, and approve it again)',
  'other-name':
    'it has another name in the tree, under which its content was not approved (copy it)',
  missing: 'it is missing',
  added: 'the tarball of its package has no such file (delete it, or --allow-changed)',
  unlisted: 'its package is not in the lockfile (npm ci, or --allow-changed)',
  'no-integrity': 'the lockfile has no SHA-512 of its package (examine it, then --allow-changed)',
  'no-tarball': "the tarball of its package is not in npm's cache (npm ci puts it there; --cache)",
  'bad-tarball':
    "what npm's cache has is not the tarball that the lockfile names (npm cache verify)",
  unknown: 'the log has no sha256 of it, so the loaded content is unknown (audit it again)',
  changed: 'another process changed it meanwhile',
  moved: 'it was sealed under another name, and keeps x (chmod a-x)',
  'another-file': 'it is not the file that was sealed, and has x (chmod a-x, unless it should)',
  failed: 'it could not be opened or changed',
} as const;

export type Refusal = keyof typeof refusals;

export interface Refused {
  path: string;
  refusal: Refusal;
  /** The errno's name, for `failed`. */
  errno?: string;
}

export function refused(path: TreePath, refusal: Refusal, errno?: string): Refused {
  return { path: display(path), refusal, ...(errno === undefined ? {} : { errno }) };
}

/** How many files are named for each refusal; --json names all. */
const NAMED = 10;

export function complain(refused: readonly Refused[]): void {
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

/** Names what the logs have and the directory has not. Returns whether that is all of it. */
export function tellMissing(missing: readonly string[], all: number): boolean {
  if (missing.length === 0) return false;
  const names = missing.slice(0, NAMED).map((path) => printable(path));
  const more = missing.length > NAMED ? ` and ${grouped(missing.length - NAMED)} more` : '';
  const isAll = missing.length === all;
  const help = isAll
    ? ". Was it loaded from another place? --audit-root names the place's path"
    : '';
  warn(
    `${amount(missing.length, 'file')} of the log not there any more: ${names.join(', ')}${more}${help}`,
  );
  return isAll;
}
