import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { UnsupportedError } from './errors.js';
import { kernelRelease } from './kernel-release.js';

type Path = string | Uint8Array;

/** What opening a file as code gave. */
export interface Opened {
  readonly fd: number;
  readonly check: number;
  readonly securebits: number;
  /** The content, the errno of the read, or undefined when nothing was read. */
  readonly data: Buffer | number | undefined;
}

/** `Opened.check` when no check was made. */
export const NOT_CHECKED = 1;
/** Bits of openExec's last argument. */
export const SKIP_CHECK = 1;
export const READ = 2;
/** Read it even when the check refuses it, or was not made. */
export const READ_ANYWAY = 4;
/** On the calling thread. Only while no other thread of the process could start a thread. */
export const CHECK_HERE = 8;
/** Bits of readCodeSync alone: a string instead of a Buffer; close the fd once its content is there. */
export const AS_TEXT = 0x10000;
export const CLOSE_WHEN_READ = 0x20000;

/** What readCodeSync leaves in its Int32Array, in this order. */
export const FACT_FD = 0;
export const FACT_CHECK = 1;
export const FACT_SECUREBITS = 2;
export const FACTS = 3;

/** The native side (native/addon.cc). Every number is >= 0, or -errno. */
export interface Addon {
  openat2Sync(dirfd: number, path: Path, flags: bigint, mode: bigint, resolve: bigint): number;
  /** The fd is the addon's until it is disowned. */
  openat2(dirfd: number, path: Path, flags: bigint, mode: bigint, resolve: bigint): Promise<number>;
  openat2Probe(dirfd: number, path: Path, flags: bigint, resolve: bigint): number;
  /** The fd is the addon's until it is disowned or closed with closeOwned. */
  openExecSync(dirfd: number, path: Path, resolve: bigint, what: number): Opened;
  openExec(dirfd: number, path: Path, resolve: bigint, what: number): Promise<Opened>;
  checkSync(fd: number, name: Path): number;
  check(fd: number, name: Path): Promise<number>;
  readFileSync(fd: number): Buffer | number;
  readFile(fd: number): Promise<Buffer | number>;
  getSecurebits(): number;
  setSecurebits(bits: number): number;
  execCheckProbe(): number;
  execAccess(fd: number): number;
  onNoexecMount(fd: number): number;
  disown(fd: number): number;
  closeOwned(fd: number): number;
  restartChecker(): number;
  /** An fd of a datagram socket that is connected to a Unix socket; the caller's to close. */
  datagramConnect(path: string): number;
  landlockAbi(): number;
  /** 1 when no_new_privs was set. */
  landlockRestrictExec(root: number, fds: readonly number[]): number;
  /** Records (native/tree.h) of what is beneath a directory fd, but for those taken meanwhile. */
  treeWalk(root: number, what: number): Promise<Buffer | number>;
  /** The records of the walk under way so far. */
  treeTake(): Buffer;
  /** Of the walk under way: directories found, of them walked, files, of them code. */
  treeProgress(): [directories: number, walked: number, files: number, code: number];
  /**
   * openExecSync and the content, with the numbers in a typed array, which no
   * accessor on Array.prototype can answer for.
   */
  readCodeSync(path: Path, what: number, facts: Int32Array): Buffer | string | undefined;
  /** execve(2). Returns only when it failed. */
  execute(path: Path, argv: readonly string[], envp: readonly string[]): number;
}

/** From src/ and from the files of dist/ alike. */
export const addonPath = join(import.meta.dirname, '../build/Release/mayexec.node');
let loaded: Addon | undefined;

function explain(cause: unknown): string {
  const { code, message } = cause as NodeJS.ErrnoException;
  switch (code) {
    case 'ERR_DLOPEN_DISABLED':
      return 'this process may not load native addons: leave out --no-addons, or add --allow-addons to --permission';
    default:
      if (!existsSync(addonPath)) {
        return 'it has not been built: run `npm rebuild mayexec` (needs python3, make and a C++ compiler)';
      }
      return `${message}. It was built for another machine or C library than ${process.arch} with Node ${process.version}: run \`npm rebuild mayexec\``;
  }
}

/**
 * The addon, loaded at the first call. Throws UnsupportedError with reason
 * `platform` or `addon` when it cannot be had.
 */
export function addon(): Addon {
  if (loaded !== undefined) return loaded;
  if (process.platform !== 'linux') {
    throw new UnsupportedError(
      'platform',
      `mayexec asks the Linux kernel, and this is ${process.platform} ${kernelRelease()}`,
    );
  }
  try {
    // Not by require, which keeps what it has loaded where the program finds it.
    const module = { exports: {} };
    process.dlopen(module, addonPath);
    loaded = module.exports as Addon;
  } catch (cause) {
    throw new UnsupportedError(
      'addon',
      `the native addon of mayexec cannot be loaded: ${explain(cause)}`,
      {
        cause,
      },
    );
  }
  return loaded;
}

/** In the place of the file that addon() would load: the executable's own, beside it. */
export function provideAddon(own: Addon): void {
  loaded = own;
}
