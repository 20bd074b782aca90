import { closeSync, fstatSync, readlinkSync } from 'node:fs';
import { posix } from 'node:path';

import { addon, type Addon } from '../addon.js';
import { constants } from '../constants.js';
import { describeErrno } from '../errno.js';
import { openat2Error, openat2Sync } from '../openat2.js';
import { byPath, type Unexamined } from './scan/findings.js';
import { targetsOf } from './packages.js';
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

/** For a look at what a path leads to, without opening it. */
export const PATH_ONLY = BigInt(constants.O_PATH | constants.O_CLOEXEC);

/** The fd of the directory that a command was given; links on the way to it are followed. */
export function openRoot(path: string): number {
  return openat2Sync(path, { flags: constants.O_RDONLY | constants.O_DIRECTORY });
}

const TAKE_MS = 2;

export interface Walked extends Tree {
  /** Of the code, the scripts without an extension: a package.json may name them, too. */
  scripts: TreeRecord[];
  names: Map<string, string>;
  manifests: { directory: string; targets: string[] }[];
}

/**
 * Takes the records of a walk that has begun; `visit` is given those of code, while
 * the walk goes on. Throws SyscallError when the root cannot be read.
 */
export async function walk(
  native: Addon,
  walking: Promise<Buffer | number>,
  title: string,
  visit: (record: TreeRecord, walked: Walked) => void,
): Promise<Walked> {
  const walked: Walked = {
    directories: 0,
    files: 0,
    code: 0,
    links: [],
    unexamined: [],
    scripts: [],
    names: new Map(),
    manifests: [],
  };
  // What there is already is looked at while the walk goes on, on threads of its own.
  const taking = setInterval(() => {
    add(walked, native.treeTake(), visit);
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
  add(walked, rest, visit);
  const [directories, , files, code] = native.treeProgress();
  return Object.assign(walked, { directories, files, code });
}

function add(
  walked: Walked,
  records: Buffer,
  visit: (record: TreeRecord, walked: Walked) => void,
): void {
  for (const record of decode(records)) {
    switch (record.kind) {
      case kinds.package:
        addManifest(walked, record);
        break;
      case kinds.link:
        for (const path of pathsOf(record)) walked.links.push(display(path));
        break;
      case kinds.error:
        addUnexamined(walked.unexamined, record);
        break;
      case kinds.script:
        walked.scripts.push(record);
        visit(record, walked);
        break;
      default:
        visit(record, walked);
    }
  }
}

export function addUnexamined(unexamined: Unexamined[], record: TreeRecord): void {
  const errno = describeErrno(record.result).code;
  for (const path of pathsOf(record)) unexamined.push({ path: display(path), errno });
}

function addManifest(walked: Walked, record: TreeRecord): void {
  const directory = directoryOf(record);
  let manifest: unknown;
  try {
    manifest = JSON.parse(textOf(record));
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
export function visitTargets(
  native: Addon,
  root: number,
  walked: Walked,
  visit: (path: string, fd: number) => void,
): void {
  // targetsOf leaves out what is code by its name.
  const seen = new Set(walked.scripts.flatMap(pathsOf));
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

export function toTree({ directories, files, code, links, unexamined }: Walked): Tree {
  return { directories, files, code, links: links.sort(), unexamined: unexamined.sort(byPath) };
}

/**
 * The files of code beneath a directory fd, by what Node would load
 * (native/tree.h, targetsOf). Throws SyscallError when the root cannot be read.
 */
export async function listTree(root: number, title: string): Promise<Listing> {
  const native = addon();
  const paths: TreePath[] = [];
  const walked = await walk(native, native.treeWalk(root, LIST), title, (record) => {
    for (const path of pathsOf(record)) paths.push(path);
  });
  const targets: string[] = [];
  visitTargets(native, root, walked, (path) => targets.push(path));
  return { ...toTree(walked), paths, targets };
}

/** Where an open directory is now; for showing, and for paths that were recorded as absolute. */
export function pathOfFd(fd: number): string {
  return readlinkSync(`/proc/self/fd/${fd}`);
}
