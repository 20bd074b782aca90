import { loadAddon } from './load-addon.js';

type Path = string | Uint8Array;
/** 64 bits: a number up to Number.MAX_SAFE_INTEGER, or a bigint. */
type Word = number | bigint;
type Content = Buffer | string | undefined;

/** Bits of openCode's `what`. */
export const SKIP_CHECK = 1;
/** Read the content too, when the check allows it. */
export const READ = 2;
/** Also read a regular file that is not standard input: the policy does not restrict it. */
export const READ_REGULAR = 4;
/** Also read any other file: nothing is restricted. */
export const READ_ANYWAY = 8;
/**
 * Check on the calling thread. Safe only while no other thread of the process can start a thread.
 */
export const CHECK_HERE = 16;
/** Of a code image, read only the header and the directory. */
export const IMAGE_START = 32;
/** A string instead of a Buffer. */
export const AS_TEXT = 0x10000;
/** The same, but a Buffer where Node decodes faster: a long text with more than ASCII. */
export const AS_SHORT_TEXT = 0x40000;
/** Close the fd once its content is there. */
export const CLOSE_WHEN_READ = 0x20000;

/**
 * What openCode found out, by index. It is an Int32Array because no accessor on a prototype can
 * change its elements.
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
/**
 * A result at or below it means that the check could not be made. Its errno is the result minus
 * this.
 */
export const UNASKED = -4096;

/**
 * What imageRead reads: bytecode or source as bytes, or the source as a string, or as a string
 * within the wrapper of image/bytecode.ts.
 */
export const IMAGE_BYTECODE = 0;
export const IMAGE_SOURCE = 1;
export const IMAGE_TEXT = 2;
export const IMAGE_FUNCTION = 3;

/**
 * programFile's answers: a Node, and a Node with a program inside it (a single executable
 * application).
 */
export const IS_NODE = 1;
export const IS_APPLICATION = 2;
/** Beside one of these: a Node that is too old for --disable-sigusr1. */
export const IS_OLD = 4;

/** The calls that open, check and read files of code. Every number is >= 0, or -errno. */
export interface CodeFiles {
  /**
   * Opens, checks and reads a file. Returns the content, or undefined when none was read. The addon
   * owns the fd in `facts` until disown or closeOwned.
   */
  openCodeSync(dirfd: number, path: Path, resolve: Word, what: number, facts: Facts): Content;
  openCode(dirfd: number, path: Path, resolve: Word, what: number, facts: Facts): Promise<Content>;
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
  /** Moves an open file from one number to another, which may be open. Nobody owns it then. */
  moveFd(fd: number, to: number): number;
  closeOwned(fd: number): number;
}

/** The native side (native/addon.cc). Every number is >= 0, or -errno. */
export interface Addon extends CodeFiles {
  openat2Sync(dirfd: number, path: Path, flags: Word, mode: Word, resolve: Word): number;
  /** The addon owns the fd until disown. */
  openat2(dirfd: number, path: Path, flags: Word, mode: Word, resolve: Word): Promise<number>;
  openat2Probe(dirfd: number, path: Path, flags: Word, resolve: Word): number;
  /** open(2), with the O_MAYEXEC of CLIP OS 4 where `withFlag` is 1. */
  clipOsOpen(path: Path, withFlag: 0 | 1): number;
  setSecurebits(bits: number): number;
  execCheckProbe(): number;
  execAccess(fd: number): number;
  /** The device and inode numbers: `1:2`. No function of the program runs, as it may in fstat. */
  fileIdentity(fd: number): string | number;
  /** 1 or 0: whether the mode bits let this thread execute the file. */
  modeGrants(fd: number): number;
  onNoexecMount(fd: number): number;
  /** 0, 1 or 2: native/file_facts.h. */
  kernelFile(fd: number): number;
  /** flock(2): holds the lock until the fd is closed. EAGAIN when another open file holds it. */
  lockFile(fd: number): number;
  /** Connects a datagram socket to a Unix socket and returns its fd, which the caller closes. */
  datagramConnect(path: string): number;
  /**
   * An fd for the same open file that children inherit: a new one, which the caller closes, or the
   * same. EBADF when it is not open for writing.
   */
  inheritFd(fd: number): number;
  /** 1 for the first thread of this process that asks about this text, then 0. */
  isFirstTime(text: string): number;
  /** The libraries that the dynamic loader has loaded: lines of path and soname. */
  loadedLibraries(): string | number;
  /** Lines: LD_LIBRARY_PATH as it was at the start, then the dynamic loader's own directories. */
  libraryPath(): string | number;
  /**
   * What a file is to execve(2). For a script: its interpreter, a line break and the interpreter's
   * argument, which may be empty. For any other file: 0, IS_NODE or IS_APPLICATION, the
   * last two perhaps with IS_OLD.
   */
  programFile(path: Path): string | number;
  /** The name of this process's user namespace, `user:[1]`. */
  userNamespace(): string | number;
  /** 1 once closeAddons() was called on any thread. */
  addonsAreClosed(): number;
  closeAddons(): number;
  landlockAbi(): number;
  /** 1 when no_new_privs was set, plus 2 when all threads of the process are restricted. */
  landlockRestrictExec(root: number, fds: readonly number[]): number;
  /** The entries of a directory (native/directory.h), one character for each byte. */
  listDirectory(fd: number): string | number;
  /**
   * Checks names on another thread. Each name ends with a NUL. `where` holds two numbers for each
   * directory: its fd, and how many of the names are in it. `answers` receives two numbers for each
   * name: the result and the st_mode. EINVAL when the arguments do not fit together.
   */
  checkNames(where: readonly number[], names: string, answers: Int32Array): Promise<number>;
  /** In hexadecimal digits. ENOSYS where this Node has no OpenSSL. */
  sha256(bytes: Uint8Array): string | number;
  /** The index of a path in the directory of a code image. ENOENT, or EBADMSG: it is broken. */
  imageFind(records: Uint8Array, paths: Uint8Array, path: string): number;
  /** 1 when a text, as UTF-8, has the SHA-256 of a module's source. Otherwise 0, or an errno. */
  imageIsSource(records: Uint8Array, i: number, text: string): number;
  /** EBADMSG when the file does not hold what the record says (native/code_image.h). */
  imageRead(fd: number, records: Uint8Array, i: number, what: number): Buffer | string | number;
  /** execve(2). Returns only when it failed. */
  execute(path: Path, argv: readonly string[], envp: readonly string[]): number;
}

let loaded: Addon | undefined;
let path: string | undefined;

/**
 * The addon. The first call loads it. Throws UnsupportedError with reason `platform` or `addon`
 * when it cannot be loaded.
 */
export function addon(): Addon {
  if (loaded !== undefined) return loaded;
  ({ addon: loaded, path } = loadAddon());
  return loaded;
}

/**
 * The file that the addon was loaded from. Undefined in an executable, which contains its addon.
 */
export function addonPath(): string | undefined {
  addon();
  return path;
}

/** Makes addon() return the addon that the executable brings. */
export function provideAddon(own: Addon): void {
  loaded = own;
}
