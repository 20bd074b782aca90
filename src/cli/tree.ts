import { closeSync, fstatSync, readlinkSync } from 'node:fs';
import { posix } from 'node:path';

import { addon, type Addon } from '../addon.js';
import { checkExecSync } from '../check.js';
import { constants } from '../constants.js';
import { describeErrno, EACCES, ENOENT, EPERM } from '../errno.js';
import { SyscallError, UnsupportedError } from '../errors.js';
import { openat2Error, openat2Sync } from '../openat2.js';
import { probe } from '../probe.js';
import type { DenialReason, Mechanism } from '../verdict.js';
import { packageOf, targetsOf } from './packages.js';
import { withProgress } from './progress.js';
import { amount } from './terminal.js';

/** A path beneath the root: bytes where it is not UTF-8. */
export type TreePath = string | Buffer;

export interface Finding {
  path: string;
  package: string;
  reason: DenialReason;
  errno: string;
}

/** What could not be examined, and the errno's name. */
export interface Unexamined {
  path: string;
  errno: string;
}

export interface Tree {
  directories: number;
  files: number;
  /** Of the files, those that Node would load as code. */
  code: number;
  /** Symbolic links that lead out of the tree; what they lead to was not looked at. */
  links: string[];
  unexamined: Unexamined[];
}

export interface Scan extends Tree {
  mechanism: Mechanism;
  refused: Finding[];
}

export interface Listing extends Tree {
  /** Code by their name or "#!" line. */
  paths: TreePath[];
  /** Code by a package.json. */
  targets: string[];
}

/** No component may be a link, and nothing may leave the root. */
export const INSIDE =
  BigInt(constants.RESOLVE_BENEATH) |
  BigInt(constants.RESOLVE_NO_SYMLINKS) |
  BigInt(constants.RESOLVE_NO_MAGICLINKS);

const PATH_ONLY = BigInt(constants.O_PATH | constants.O_CLOEXEC);

// native/tree.h
const LIST = 1;
const HEADER = 16;
const kinds = { code: 1, link: 2, error: 3, package: 4 } as const;
const reasons: readonly (DenialReason | undefined)[] = [
  undefined,
  'noexec-mount',
  'mode',
  'security-module',
];

interface TreeRecord {
  kind: number;
  path: TreePath;
  result: number;
  reason: DenialReason | undefined;
  /** Only of a package.json: thousands of empty Buffers would keep the collector busy. */
  content?: string;
}

function toTreePath(records: Buffer, start: number, end: number): TreePath {
  const text = records.toString('utf8', start, end);
  if (!text.includes('\ufffd')) return text;
  const bytes = Buffer.from(records.subarray(start, end));
  return bytes.equals(Buffer.from(text)) ? text : bytes;
}

export const display = (path: TreePath): string =>
  typeof path === 'string' ? path : path.toString();

function* decode(records: Buffer): Generator<TreeRecord> {
  for (let at = 0; at < records.length;) {
    const pathEnd = at + HEADER + records.readUInt32LE(at);
    const end = pathEnd + records.readUInt32LE(at + 4);
    const kind = records.readUInt8(at + 12);
    yield {
      kind,
      path: toTreePath(records, at + HEADER, pathEnd),
      result: records.readInt32LE(at + 8),
      reason: reasons[records.readUInt8(at + 13)],
      ...(kind === kinds.package ? { content: records.toString('utf8', pathEnd, end) } : {}),
    };
    at = end;
  }
}

/** The fd of the directory that a command was given; links on the way to it are followed. */
export function openRoot(path: string): number {
  return openat2Sync(path, { flags: constants.O_RDONLY | constants.O_DIRECTORY });
}

interface Walked extends Tree {
  found: TreeRecord[];
  names: Map<string, string>;
  manifests: { directory: string; targets: string[] }[];
}

async function walk(native: Addon, root: number, what: number, title: string): Promise<Walked> {
  const records = await withProgress(title, native.treeWalk(root, what), () => {
    const [directories, walked, files, code] = native.treeProgress();
    return {
      done: walked,
      total: directories,
      text: `directories, ${amount(files, 'file')}, ${amount(code, 'file')} of code`,
    };
  });
  if (typeof records === 'number') {
    throw openat2Error(native, records, { path: title, resolve: INSIDE });
  }
  const [directories, , files, code] = native.treeProgress();
  const walked: Walked = {
    directories,
    files,
    code,
    links: [],
    unexamined: [],
    found: [],
    names: new Map(),
    manifests: [],
  };
  for (const record of decode(records)) {
    const path = display(record.path);
    if (record.kind === kinds.code) walked.found.push(record);
    else if (record.kind === kinds.link) walked.links.push(path);
    else if (record.kind === kinds.package) addManifest(walked, record);
    else walked.unexamined.push({ path, errno: describeErrno(record.result).code });
  }
  return walked;
}

function addManifest(walked: Walked, { path, content = '' }: TreeRecord): void {
  let manifest: unknown;
  try {
    manifest = JSON.parse(content);
  } catch {
    // Node loads nothing by it either.
    return;
  }
  const directory = display(path).slice(0, -'/package.json'.length);
  const name =
    typeof manifest === 'object' && manifest !== null && 'name' in manifest && manifest.name;
  if (typeof name === 'string' && name !== '') walked.names.set(directory, name);
  const targets = targetsOf(manifest);
  if (targets.length === 0) return;
  if (typeof path === 'string') walked.manifests.push({ directory, targets });
  else walked.unexamined.push({ path: display(path), errno: 'EILSEQ' });
}

/**
 * The regular files that package.json files name as code beyond what the walk
 * has found; `visit` is given an O_PATH fd of each, which is closed after it.
 */
function visitTargets(
  native: Addon,
  root: number,
  walked: Walked,
  visit: (path: string, fd: number) => void,
): void {
  const seen = new Set(walked.found.map(({ path }) => path));
  for (const { directory, targets } of walked.manifests) {
    for (const target of targets) {
      const path = posix.join(directory, target);
      if (seen.has(path)) continue;
      seen.add(path);
      // Most of them are a directory, or lack the extension that Node adds.
      const fd = native.openat2Sync(root, path, PATH_ONLY, 0n, INSIDE);
      if (fd < 0) continue;
      try {
        if (!fstatSync(fd).isFile()) continue;
        walked.code++;
        visit(path, fd);
      } finally {
        closeSync(fd);
      }
    }
  }
}

function byPath(a: { path: string }, b: { path: string }): number {
  return a.path < b.path ? -1 : a.path > b.path ? 1 : 0;
}

function isDenial(result: number): boolean {
  return result === EACCES || result === EPERM;
}

function toTree({ directories, files, code, links, unexamined }: Walked): Tree {
  return { directories, files, code, links: links.sort(), unexamined: unexamined.sort(byPath) };
}

/**
 * The files of code beneath a directory fd, by what Node would load
 * (native/tree.h, targetsOf). Throws SyscallError when the root cannot be read.
 */
export async function listTree(root: number, title: string): Promise<Listing> {
  const native = addon();
  const walked = await walk(native, root, LIST, title);
  const targets: string[] = [];
  visitTargets(native, root, walked, (path) => targets.push(path));
  return { ...toTree(walked), paths: walked.found.map(({ path }) => path), targets };
}

/**
 * Makes the exec check on every file of code beneath a directory fd, and says
 * which are refused. Where the kernel has no AT_EXECVE_CHECK, the library's other
 * mechanisms answer, `emulate` among them.
 *
 * Throws UnsupportedError when nobody can be asked.
 */
export async function scanTree(root: number, title: string, emulate: boolean): Promise<Scan> {
  const native = addon();
  const { mechanism, execveCheck } = probe();
  if (mechanism !== 'at_execve_check') {
    if (mechanism === 'none' && !emulate) {
      throw new UnsupportedError(
        execveCheck.status === 'filtered' ? 'filtered' : 'kernel',
        'the kernel cannot be asked whether a file may be executed (mayexec probe says why); --emulate settles for mode bits and the noexec mount option',
      );
    }
    return scanOneByOne(native, root, title, emulate);
  }
  const walked = await walk(native, root, 0, title);
  const refused: Finding[] = [];
  for (const { path, result, reason } of walked.found) {
    if (result === 0) continue;
    const name = display(path);
    const errno = describeErrno(result).code;
    if (isDenial(result) && reason !== undefined) {
      refused.push({ path: name, package: packageOf(name, walked.names), reason, errno });
    } else {
      walked.unexamined.push({ path: name, errno });
    }
  }
  visitTargets(native, root, walked, (path, fd) => {
    ask(path, fd, walked, refused, emulate);
  });
  return { ...toTree(walked), mechanism, refused: refused.sort(byPath) };
}

/** One question through the library, for what the native walk does not ask itself. */
function ask(path: string, fd: number, walked: Walked, refused: Finding[], emulate: boolean): void {
  try {
    const { allowed, reason, errno } = checkExecSync(fd, { emulate });
    if (allowed === true) return;
    if (allowed === false && reason !== undefined && errno !== undefined) {
      refused.push({ path, package: packageOf(path, walked.names), reason, errno });
    } else {
      walked.unexamined.push({ path, errno: errno ?? 'EINVAL' });
    }
  } catch (error) {
    if (!(error instanceof SyscallError)) throw error;
    walked.unexamined.push({ path, errno: error.code });
  }
}

async function scanOneByOne(
  native: Addon,
  root: number,
  title: string,
  emulate: boolean,
): Promise<Scan> {
  const walked = await walk(native, root, LIST, title);
  const refused: Finding[] = [];
  for (const { path } of walked.found) {
    const fd = native.openat2Sync(root, path, PATH_ONLY, 0n, INSIDE);
    if (fd === ENOENT) continue;
    if (fd < 0) {
      walked.unexamined.push({ path: display(path), errno: describeErrno(fd).code });
      continue;
    }
    try {
      ask(display(path), fd, walked, refused, emulate);
    } finally {
      closeSync(fd);
    }
  }
  visitTargets(native, root, walked, (path, fd) => {
    ask(path, fd, walked, refused, emulate);
  });
  const { mechanism } = probe();
  return {
    ...toTree(walked),
    mechanism: mechanism === 'none' ? 'emulated' : mechanism,
    refused: refused.sort(byPath),
  };
}

/** Where an open directory is now; for showing, and for paths that were recorded as absolute. */
export function pathOfFd(fd: number): string {
  return readlinkSync(`/proc/self/fd/${fd}`);
}
