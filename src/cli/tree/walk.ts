import { closeSync, fstatSync, readSync } from 'node:fs';
import { posix } from 'node:path';

import { addon, type Addon } from '../../addon.js';
import { describeErrno, ENOENT } from '../../errno.js';
import { openat2Error } from '../../openat2.js';
import { withProgress } from '../progress.js';
import { byPath, type Unexamined } from '../report/findings.js';
import { amount } from '../terminal.js';
import {
  entryPointsOf,
  FIRST_LINE,
  hasNoExtension,
  isCodeName,
  isNodeScript,
  parseManifest,
} from './code.js';
import { BENEATH, DIRECTORY, INSIDE, openInside, PATH_ONLY, TO_READ } from './open.js';
import { nameOf, versionOf } from './owner.js';
import { display, join, ROOT, toKernel, toPath, type TreePath } from './path.js';

/** The results of a walk. */
export interface Tree {
  directories: number;
  files: number;
  /** The number of files that are code. */
  code: number;
  /** Symbolic links that lead out of the tree. Their targets were not examined. */
  links: string[];
  unexamined: Unexamined[];
}

/** No real package.json is larger. */
const LARGEST_MANIFEST = 8 << 20;

/** The interval for drawing the progress. */
const SLICE_MS = 40;

/** Whether an open file starts with a "#!" line that names node. Throws node:fs's errors. */
export function startsAsScript(fd: number): boolean {
  const start = Buffer.allocUnsafe(FIRST_LINE);
  const length = readSync(fd, start, 0, FIRST_LINE, 0);
  return isNodeScript(start.toString('latin1', 0, length));
}

/** An open directory of the walk. */
export interface Directory {
  readonly path: TreePath;
  readonly fd: number;
}

/**
 * Receives the names of the files of code in a directory, and must close the directory, now or
 * later. The walk waits for the returned promise.
 */
export type Visit = (directory: Directory, names: readonly string[]) => Promise<void> | undefined;

/**
 * Walks a tree without following symbolic links. Every open is an openat2(2) that stays beneath the
 * root, or an open of one name in a directory that was opened in this way. So changes in the tree
 * cannot lead the walk out of it.
 */
export class Walk implements Tree {
  directories = 0;
  files = 0;
  code = 0;
  readonly links: string[] = [];
  readonly unexamined: Unexamined[] = [];
  /** The name in each package.json, by its directory. */
  readonly names = new Map<TreePath, string>();
  /** The version in each package.json, by its directory. */
  readonly versions = new Map<TreePath, string>();
  /** Files that are code only by their "#!" line. */
  readonly scripts = new Set<TreePath>();

  readonly #native: Addon = addon();
  readonly #root: number;
  readonly #all: boolean;
  readonly #extensions: readonly string[];
  readonly #pending: TreePath[] = [ROOT];
  /** The files that package.json files name. */
  readonly #entryPoints = new Set<TreePath>();

  /**
   * Visits code, also with the user's own extensions. With `every file` it visits all regular files
   * and reads none.
   */
  constructor(root: number, what: readonly string[] | 'every file') {
    this.#root = root;
    this.#all = what === 'every file';
    this.#extensions = what === 'every file' ? [] : what;
  }

  /** Visits every directory beneath the root. Throws SyscallError when the root cannot be read. */
  async run(title: string, visit: Visit): Promise<void> {
    await withProgress(title, this.#run(title, visit), () => ({
      done: this.directories,
      total: this.directories + this.#pending.length,
      text: `directories, ${amount(this.files, 'file')}, ${amount(this.code, 'file')} of code`,
    }));
  }

  async #run(title: string, visit: Visit): Promise<void> {
    // Print the first line of the progress before the work.
    await Promise.resolve();
    let pause = Date.now() + SLICE_MS;
    for (let path = this.#pending.pop(); path !== undefined; path = this.#pending.pop()) {
      const directory = this.#openDirectory(path, title);
      this.directories++;
      if (directory !== undefined) {
        const names = this.#list(directory);
        this.code += names.length;
        const pending = visit(directory, names);
        if (pending !== undefined) await pending;
      }
      if (Date.now() < pause) continue;
      await new Promise(setImmediate);
      pause = Date.now() + SLICE_MS;
    }
  }

  /** Records a path that could not be examined, unless it has disappeared from the tree. */
  fail(path: TreePath, error: number | string): void {
    if (error === ENOENT) return;
    const errno = typeof error === 'string' ? error : describeErrno(error).code;
    this.unexamined.push({ path: path === ROOT ? '.' : display(path), errno });
  }

  /** Opens a name in a directory. The caller closes it. On failure it calls fail(). */
  open({ path, fd }: Directory, name: string, flags: bigint): number | undefined {
    const opened = openInside(fd, name, flags);
    if (opened >= 0) return opened;
    this.fail(join(path, name), opened);
    return undefined;
  }

  #openDirectory(path: TreePath, title: string): Directory | undefined {
    const at = path === ROOT ? '.' : toKernel(path);
    const fd = this.#native.openat2Sync(this.#root, at, DIRECTORY, 0n, INSIDE);
    if (fd >= 0) return { path, fd };
    if (path === ROOT) throw openat2Error(this.#native, fd, { path: title, resolve: INSIDE });
    this.fail(path, fd);
    return undefined;
  }

  /** The names of the files of code. */
  #list(directory: Directory): string[] {
    const entries = this.#native.listDirectory(directory.fd);
    if (typeof entries === 'number') {
      this.fail(directory.path, entries);
      return [];
    }
    const code: string[] = [];
    for (const entry of entries.split('\0')) {
      const name = entry.slice(1);
      switch (entry[0]) {
        case 'f':
          this.files++;
          if (this.#isCode(directory, name)) code.push(name);
          break;
        case 'd':
          this.#pending.push(join(directory.path, name));
          break;
        case 'l':
          this.#lookAtLink(join(directory.path, name));
      }
    }
    return code;
  }

  #isCode(directory: Directory, name: string): boolean {
    if (this.#all) return true;
    if (name === 'package.json') this.#readManifest(directory);
    if (isCodeName(name, this.#extensions)) return true;
    return hasNoExtension(name) && this.#isScript(directory, name);
  }

  /**
   * Reads a file in a directory. Undefined when it cannot be read or is no longer a regular file.
   */
  #read<T>(
    directory: Directory,
    name: string,
    use: (fd: number, size: number) => T,
  ): T | undefined {
    const fd = this.open(directory, name, TO_READ);
    if (fd === undefined) return undefined;
    try {
      const stat = fstatSync(fd);
      return stat.isFile() ? use(fd, stat.size) : undefined;
    } catch (error) {
      this.fail(join(directory.path, name), (error as NodeJS.ErrnoException).code ?? 'EIO');
      return undefined;
    } finally {
      closeSync(fd);
    }
  }

  #isScript(directory: Directory, name: string): boolean {
    const found = this.#read(directory, name, startsAsScript) ?? false;
    if (found) this.scripts.add(join(directory.path, name));
    return found;
  }

  #readManifest(directory: Directory): void {
    const { path } = directory;
    const data = this.#read(directory, 'package.json', (fd, size) =>
      size > LARGEST_MANIFEST ? 'EFBIG' : this.#native.readFileSync(fd),
    );
    if (data === undefined) return;
    if (!Buffer.isBuffer(data)) {
      this.fail(join(path, 'package.json'), data);
      return;
    }
    const manifest = parseManifest(data.toString());
    const name = nameOf(manifest);
    if (name !== undefined) this.names.set(path, name);
    const version = versionOf(manifest);
    if (version !== undefined) this.versions.set(path, version);
    for (const target of entryPointsOf(manifest, this.#extensions)) {
      this.#entryPoints.add(posix.join(path, toPath(target)) as TreePath);
    }
  }

  /**
   * Records a link that leaves the tree. The target of any other link is visited anyway, or
   * missing.
   */
  #lookAtLink(path: TreePath): void {
    const fd = this.#native.openat2Sync(this.#root, toKernel(path), PATH_ONLY, 0n, BENEATH);
    if (fd >= 0) {
      closeSync(fd);
      return;
    }
    const { code } = describeErrno(fd);
    if (code === 'EXDEV') this.links.push(display(path));
    else if (code !== 'ELOOP' && code !== 'ENOTDIR') this.fail(path, fd);
  }

  /**
   * After the walk: visits the regular files that package.json files name as code and that the walk
   * has not found as code. `visit` gets an O_PATH fd of each.
   */
  visitEntryPoints(visit: (path: TreePath, fd: number) => void): void {
    for (const path of this.#entryPoints) {
      if (this.scripts.has(path)) continue;
      // Most of these paths are directories, or lack the extension that Node adds.
      const fd = this.#native.openat2Sync(this.#root, toKernel(path), PATH_ONLY, 0n, INSIDE);
      if (fd < 0) continue;
      try {
        if (!fstatSync(fd).isFile()) continue;
        this.code++;
        visit(path, fd);
      } finally {
        closeSync(fd);
      }
    }
  }

  /** The results, in the order of the paths. */
  get tree(): Tree {
    const { directories, files, code } = this;
    return {
      directories,
      files,
      code,
      links: this.links.sort(),
      unexamined: this.unexamined.sort(byPath),
    };
  }
}
