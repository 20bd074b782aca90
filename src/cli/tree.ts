import { closeSync, fstatSync, readlinkSync } from 'node:fs';
import { posix } from 'node:path';

import { addon, type Addon } from '../addon.js';
import { checkExecSync } from '../check.js';
import { constants } from '../constants.js';
import { describeErrno, EACCES, ENOENT, EPERM } from '../errno.js';
import { SyscallError, UnsupportedError } from '../errors.js';
import { openat2Error, openat2Sync } from '../openat2.js';
import { hasExecveCheck, probe } from '../probe.js';
import type { DenialReason, Mechanism } from '../verdict.js';
import { byPath, type Refused, type Unexamined } from './findings.js';
import { mayHaveTargets, packageFolder, packageOf, targetsOf } from './packages.js';
import { withProgress } from './progress.js';
import { amount } from './terminal.js';
import {
  decode,
  directoryOf,
  display,
  kinds,
  LIST,
  pathsOf,
  textOf,
  type TreePath,
  type TreeRecord,
} from './tree-records.js';

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
  refused: Refused[];
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

/** The fd of the directory that a command was given; links on the way to it are followed. */
export function openRoot(path: string): number {
  return openat2Sync(path, { flags: constants.O_RDONLY | constants.O_DIRECTORY });
}

const TAKE_MS = 2;

interface Walked extends Tree {
  found: TreeRecord[];
  names: Map<string, string>;
  manifests: { directory: string; targets: string[] }[];
}

async function walk(
  native: Addon,
  walking: Promise<Buffer | number>,
  title: string,
): Promise<Walked> {
  const walked: Walked = {
    directories: 0,
    files: 0,
    code: 0,
    links: [],
    unexamined: [],
    found: [],
    names: new Map(),
    manifests: [],
  };
  // What there is already is looked at while the walk goes on, on threads of its own.
  const taking = setInterval(() => {
    add(walked, native.treeTake());
  }, TAKE_MS);
  let rest: Buffer | number;
  try {
    rest = await withProgress(title, walking, () => {
      const [directories, done, files, code] = native.treeProgress();
      return {
        done,
        total: directories,
        text: `directories, ${amount(files, 'file')}, ${amount(code, 'file')} of code`,
      };
    });
  } finally {
    clearInterval(taking);
  }
  if (typeof rest === 'number') {
    throw openat2Error(native, rest, { path: title, resolve: INSIDE });
  }
  add(walked, rest);
  const [directories, , files, code] = native.treeProgress();
  return { ...walked, directories, files, code };
}

function add(walked: Walked, records: Buffer): void {
  for (const record of decode(records)) {
    switch (record.kind) {
      case kinds.package:
        addManifest(walked, record);
        break;
      case kinds.link:
        walked.links.push(...pathsOf(record).map(display));
        break;
      case kinds.error:
        addUnexamined(walked, record);
        break;
      default:
        walked.found.push(record);
    }
  }
}

function addUnexamined({ unexamined }: Walked, record: TreeRecord): void {
  const errno = describeErrno(record.result).code;
  for (const path of pathsOf(record)) unexamined.push({ path: display(path), errno });
}

function addManifest(walked: Walked, record: TreeRecord): void {
  const directory = directoryOf(record);
  const text = textOf(record);
  // There the folder's name is the package's.
  const isInstalled = packageFolder(directory) !== undefined;
  if (isInstalled && !mayHaveTargets(text)) return;
  let manifest: unknown;
  try {
    manifest = JSON.parse(text);
  } catch {
    // Node loads nothing by it either.
    return;
  }
  const name =
    typeof manifest === 'object' && manifest !== null && 'name' in manifest && manifest.name;
  if (typeof name === 'string' && name !== '') walked.names.set(directory, name);
  const targets = targetsOf(manifest);
  if (targets.length === 0) return;
  if (!directory.includes('\ufffd')) walked.manifests.push({ directory, targets });
  else walked.unexamined.push({ path: posix.join(directory, 'package.json'), errno: 'EILSEQ' });
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
  // targetsOf leaves out what is code by its name.
  const scripts = walked.found.filter(({ kind }) => kind === kinds.script);
  const seen = new Set(scripts.flatMap(pathsOf));
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
  const walked = await walk(native, native.treeWalk(root, LIST), title);
  const targets: string[] = [];
  visitTargets(native, root, walked, (path) => targets.push(path));
  return { ...toTree(walked), paths: walked.found.flatMap(pathsOf), targets };
}

/**
 * Makes the exec check on every file of code beneath a directory fd, and says
 * which are refused. Where the kernel has no AT_EXECVE_CHECK, the library's other
 * mechanisms answer, `emulate` among them. `started` is the walk of that
 * directory, when it has begun.
 *
 * Throws UnsupportedError when nobody can be asked.
 */
export async function scanTree(
  root: number,
  title: string,
  emulate: boolean,
  started?: Promise<Buffer | number>,
): Promise<Scan> {
  const native = addon();
  if (!hasExecveCheck(native)) {
    const { mechanism, execveCheck } = probe();
    if (mechanism === 'none' && !emulate) {
      throw new UnsupportedError(
        execveCheck.status === 'filtered' ? 'filtered' : 'kernel',
        'the kernel cannot be asked whether a file may be executed (mayexec probe says why); --emulate settles for mode bits and the noexec mount option',
      );
    }
    return scanOneByOne(native, root, title, emulate);
  }
  const walked = await walk(native, started ?? native.treeWalk(root, 0), title);
  const refused: Refused[] = [];
  for (const record of walked.found) {
    if (record.result === 0) continue;
    if (isDenial(record.result) && record.reason !== undefined) {
      refused.push(refusedBy(record, record.reason, walked));
    } else {
      addUnexamined(walked, record);
    }
  }
  visitTargets(native, root, walked, (path, fd) => {
    ask(path, fd, walked, refused, emulate);
  });
  return { ...toTree(walked), mechanism: 'at_execve_check', refused };
}

function refusedBy(record: TreeRecord, reason: DenialReason, { names }: Walked): Refused {
  return {
    package: packageOf(directoryOf(record), names),
    reason,
    errno: describeErrno(record.result).code,
    count: record.count,
    paths: () => pathsOf(record).map(display),
  };
}

/** One question through the library, for what the native walk does not ask itself. */
function ask(path: string, fd: number, walked: Walked, refused: Refused[], emulate: boolean): void {
  try {
    const { allowed, reason, errno } = checkExecSync(fd, { emulate });
    if (allowed === true) return;
    if (allowed === false && reason !== undefined && errno !== undefined) {
      const directory = path.slice(0, Math.max(path.lastIndexOf('/'), 0));
      const owner = packageOf(directory, walked.names);
      refused.push({ package: owner, reason, errno, count: 1, paths: () => [path] });
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
  const walked = await walk(native, native.treeWalk(root, LIST), title);
  const refused: Refused[] = [];
  for (const path of walked.found.flatMap(pathsOf)) {
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
    refused,
  };
}

/** Where an open directory is now; for showing, and for paths that were recorded as absolute. */
export function pathOfFd(fd: number): string {
  return readlinkSync(`/proc/self/fd/${fd}`);
}
