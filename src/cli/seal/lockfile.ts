import { homedir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';

import { readRegularFile } from '../../image/regular-file.js';
import { jsonText, readDocument } from '../read-document.js';
import { printable, quoted, warn } from '../terminal.js';
import { packageFolder } from '../tree/owner.js';
import { parentOf, ROOT, toPath, type TreePath } from '../tree/path.js';
import type { Candidate } from './candidates.js';
import { refused, type Refusal, type Refused } from './refusal.js';
import { readTarball, type Unknown } from './tarball.js';

/** The lockfile cannot be used. Nothing was done. */
export class LockfileError extends Error {
  readonly syscall = 'lockfile';
}

export interface LockfileOptions {
  /** npm's cache. */
  cache: string | undefined;
  /** Paths, packages and name@version that may differ. */
  allowed: readonly string[];
  /** Whether the file is the application's own, and not one that the caller has named. */
  isOwn: boolean;
}

/** The data of a package in a lockfile. */
interface Locked {
  version: unknown;
  /** In hexadecimal. Undefined where the lockfile has none. */
  sha512: string | undefined;
  /** It came in the tarball of the package that it is in. */
  bundled: boolean;
  /** Not from a registry: the application itself, and its workspaces. */
  own: boolean;
}

/** The content that a file must have, or why it is unknown. */
type Content = { sha256: string } | Refusal | 'own';

/**
 * Selects the code of an application that npm's registry has published, by the lockfile and npm's
 * cache, and the application's own code.
 */
export async function approveByLockfile(
  file: string,
  candidates: readonly Candidate[],
  { cache = npmCache(), allowed, isOwn }: LockfileOptions,
): Promise<{ candidates: Candidate[]; refused: Refused[] }> {
  const packages = readLockfile(file, isOwn);
  const tarballs = new Map<string, Map<string, string> | Unknown>();
  const may = new Set<string>(allowed.map(toPath));
  const unmet = new Set(may);
  for (const path of packages.keys())
    if (path !== ROOT) for (const name of namesOf(toPath(`${path}/`), packages)) unmet.delete(name);
  const approved: Candidate[] = [];
  const against: Refused[] = [];

  const contentOf = async (path: TreePath): Promise<Content> => {
    const folder = folderOf(path, packages);
    let from = folder;
    let locked = packages.get(from);
    while (locked?.bundled === true) {
      from = folderOf(parentOf(from), packages);
      locked = packages.get(from);
    }
    if (locked === undefined || isInstalled(path, folder)) return 'unlisted';
    // The application has no tarball, so what it bundles is no file of one.
    if (locked.own) return from === folder ? 'own' : 'no-integrity';
    if (locked.sha512 === undefined) return 'no-integrity';
    let files = tarballs.get(locked.sha512);
    if (files === undefined) {
      // The parser of the last one waits for the event loop, and keeps all of its bytes until then.
      await setImmediate();
      files = readTarball(cache, locked.sha512);
      tarballs.set(locked.sha512, files);
    }
    if (typeof files === 'string') return files;
    const sha256 = files.get(path.slice(from.length + 1));
    return sha256 === undefined ? 'added' : { sha256 };
  };

  for (const candidate of candidates) {
    const { path } = candidate;
    const found = await contentOf(path);
    const names = namesOf(path, packages);
    for (const name of names) unmet.delete(name);
    if (found === 'own' || names.some((name) => may.has(name))) {
      approved.push(candidate);
    } else if (typeof found === 'string') against.push(refused(path, found));
    else approved.push({ ...candidate, approved: new Set([found.sha256]) });
  }
  for (const name of unmet) {
    warn(
      `--allow-changed ${printable(quoted(name))}: no file of code, package or name@version is called so`,
    );
  }
  return { candidates: approved, refused: against };
}

/** The names for a file in --allow-changed. */
function namesOf(path: TreePath, packages: ReadonlyMap<TreePath, Locked>): string[] {
  const name = packageFolder(parentOf(path));
  if (name === undefined) return [path];
  const { version } = packages.get(folderOf(path, packages)) ?? {};
  return [path, name, ...(typeof version === 'string' ? [`${name}@${version}`] : [])];
}

/** The nearest package of the lockfile that contains a path. The application is one. */
function folderOf(path: TreePath, packages: ReadonlyMap<TreePath, Locked>): TreePath {
  for (let at = parentOf(path); at !== ROOT; at = parentOf(at)) if (packages.has(at)) return at;
  return ROOT;
}

/** Whether a path is in a node_modules folder without a package in the lockfile. */
function isInstalled(path: TreePath, folder: TreePath): boolean {
  const inside = folder === ROOT ? path : path.slice(folder.length + 1);
  return `/${inside}`.includes('/node_modules/');
}

/** The caller may name a pipe. One in the application would only keep the command waiting. */
function readLockfile(file: string, isOwn: boolean): Map<TreePath, Locked> {
  let lockfile: unknown;
  try {
    lockfile = JSON.parse(isOwn ? jsonText(readRegularFile(file)) : readDocument(file, jsonText));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new LockfileError(`${printable(file)}: it is not JSON`);
  }
  const packages = entriesOf(entriesOf(lockfile).get('packages'));
  if (!packages.has('')) {
    throw new LockfileError(
      `${printable(file)}: it is not a lockfile of npm with a list of packages (lockfileVersion 2 or 3)`,
    );
  }
  return new Map([...packages].map(([path, value]) => [toPath(path), locked(path, value)]));
}

function entriesOf(value: unknown): Map<string, unknown> {
  return new Map(typeof value === 'object' && value !== null ? Object.entries(value) : []);
}

function locked(path: string, value: unknown): Locked {
  const fields = entriesOf(value);
  const integrity = fields.get('integrity');
  const base64 =
    typeof integrity === 'string'
      ? /(?:^|\s)sha512-([A-Za-z0-9+/]{86}==)(?:[\s?]|$)/.exec(integrity)?.[1]
      : undefined;
  return {
    version: fields.get('version'),
    sha512: base64 === undefined ? undefined : Buffer.from(base64, 'base64').toString('hex'),
    // npm installs what the application bundles from the registry, and notes that integrity.
    bundled: fields.get('inBundle') === true && base64 === undefined && path !== '',
    own: !path.split('/').includes('node_modules'),
  };
}

/** The default place of npm's cache. */
function npmCache(): string {
  const { npm_config_cache: given = '' } = process.env;
  return given === '' ? join(homedir(), '.npm') : given;
}
