import { loadAddon } from './load-addon.js';

type Path = string | Uint8Array;
type Content = Buffer | string | undefined;

/** Bits of openCode's fourth argument. */
export const SKIP_CHECK = 1;
/** Read the content too, when the check allows it. */
export const READ = 2;
/** Or when it is a regular file and no standard input: only those are restricted. */
export const READ_REGULAR = 4;
/** Or whatever it is: nothing is restricted. */
export const READ_ANYWAY = 8;
/** On the calling thread. Only while no other thread of the process could start a thread. */
export const CHECK_HERE = 16;
/** A string instead of a Buffer. */
export const AS_TEXT = 0x10000;
/** Close the fd once its content is there. */
export const CLOSE_WHEN_READ = 0x20000;

/**
 * What openCode leaves in its Int32Array, by index: no accessor that a program puts
 * on a prototype can answer for the kernel.
 */
export type Facts = Int32Array;
/** The fd, or -errno of the open. */
export const FACT_FD = 0;
/** The result of the exec check, or NOT_CHECKED. */
export const FACT_CHECK = 1;
/** The securebits of the JavaScript thread. */
export const FACT_SECUREBITS = 2;
/** `st_mode`. */
export const FACT_MODE = 3;
/** 0, or -errno of the read. */
export const FACT_READ = 4;
/** 1 for the regular file that was standard input when the addon was loaded. */
export const FACT_STDIN = 5;
export const FACTS = 6;
export const NOT_CHECKED = 1;
/** A check's result at or below it: the check could not be made, and the errno is this much higher. */
export const UNASKED = -4096;

/** A Node, and a Node with a program of its own in it: a single executable application. */
export const IS_NODE = 1;
export const IS_APPLICATION = 2;

/** What opens, checks and reads files of code. Every number is >= 0, or -errno. */
export interface CodeFiles {
  /**
   * Opens, checks and reads: the content, or undefined when none was read. The fd in
   * `facts` is the addon's until it is disowned or closed with closeOwned.
   */
  openCodeSync(dirfd: number, path: Path, resolve: bigint, what: number, facts: Facts): Content;
  openCode(
    dirfd: number,
    path: Path,
    resolve: bigint,
    what: number,
    facts: Facts,
  ): Promise<Content>;
  checkSync(fd: number, name: Path): number;
  check(fd: number, name: Path): Promise<number>;
  readFileSync(fd: number): Buffer | number;
  readFile(fd: number): Promise<Buffer | number>;
  /** `st_mode`. */
  fileMode(fd: number): number;
  getSecurebits(): number;
  /** 1 once enforce() was called on any thread. */
  isEnforced(): number;
  enforce(): number;
  disown(fd: number): number;
  closeOwned(fd: number): number;
}

/** The native side (native/addon.c). Every number is >= 0, or -errno. */
export interface Addon extends CodeFiles {
  openat2Sync(dirfd: number, path: Path, flags: bigint, mode: bigint, resolve: bigint): number;
  /** The fd is the addon's until it is disowned. */
  openat2(dirfd: number, path: Path, flags: bigint, mode: bigint, resolve: bigint): Promise<number>;
  openat2Probe(dirfd: number, path: Path, flags: bigint, resolve: bigint): number;
  setSecurebits(bits: number): number;
  execCheckProbe(): number;
  execAccess(fd: number): number;
  onNoexecMount(fd: number): number;
  /** 0, 1 or 2: native/file_facts.h. */
  kernelFile(fd: number): number;
  /** flock(2), until the fd is closed; EAGAIN when another open file has it. */
  lockFile(fd: number): number;
  /** An fd of a datagram socket that is connected to a Unix socket; the caller's to close. */
  datagramConnect(path: string): number;
  /** Whether no thread of this process has asked about the text yet. */
  isFirstTime(text: string): number;
  /** Lines: path and soname of what the dynamic loader has loaded. */
  loadedLibraries(): string | number;
  /** Lines: LD_LIBRARY_PATH as it was at the start, then the dynamic loader's own directories. */
  libraryPath(): string | number;
  /**
   * What a file is to execve(2). Of a script, its interpreter and that one's argument, which
   * may be empty, with a line break between them. Of anything else 0, IS_NODE or
   * IS_APPLICATION.
   */
  programFile(path: Path): string | number;
  /** 1 once closeAddons() was called on any thread. */
  addonsAreClosed(): number;
  closeAddons(): number;
  landlockAbi(): number;
  /** 1 when no_new_privs was set, plus 2 when all threads of the process are restricted. */
  landlockRestrictExec(root: number, fds: readonly number[]): number;
  /** The entries of a directory (native/directory.h), a character a byte. */
  listDirectory(fd: number): string | number;
  /**
   * Checks names, each with a NUL behind it, on another thread. `where` says of each
   * directory its fd and how many of the names are in it; `answers` gets two numbers a
   * name, the result and the st_mode. EINVAL when the arguments do not fit together.
   */
  checkNames(where: readonly number[], names: string, answers: Int32Array): Promise<number>;
  /** execve(2). Returns only when it failed. */
  execute(path: Path, argv: readonly string[], envp: readonly string[]): number;
}

let loaded: Addon | undefined;
let path: string | undefined;

/**
 * The addon, loaded at the first call. Throws UnsupportedError with reason
 * `platform` or `addon` when it cannot be had.
 */
export function addon(): Addon {
  if (loaded !== undefined) return loaded;
  ({ addon: loaded, path } = loadAddon());
  return loaded;
}

/** The file that it was loaded from; none in an executable, which has its own. */
export function addonPath(): string | undefined {
  addon();
  return path;
}

/** In the place of the file that addon() would load: the executable's own, beside it. */
export function provideAddon(own: Addon): void {
  loaded = own;
}
