import { fstatSync, realpathSync } from 'node:fs';

import { IMAGE_BYTECODE, IMAGE_FUNCTION, IMAGE_SOURCE, IMAGE_TEXT } from '../../addon.js';
import { EBADMSG } from '../../errno.js';
import { WRAPPER } from '../../image/bytecode.js';
import { hasBytecode, isModule, type Directory } from '../../image/format.js';
import { whyForeign } from '../../image/foreign.js';
import { differingLockfile, hashLockfiles } from '../../image/lockfiles.js';
import { readDirectory, sha256 } from '../../image/read.js';
import { filesAreRestricted } from '../../policy.js';
import { imagePath } from '../settings.js';
import { native } from '../lib/native.js';
import { StringPrototypeSlice, StringPrototypeStartsWith } from '../lib/primordials.js';
import { refused } from '../refused.js';
import { openCode, type FileQuestion, type Read } from './checked-read.js';

/*
 * The code image: one file that the kernel approved, which replaces an application's files of code.
 * Its directory is read once, right after the check. Each module is read when it is loaded, and
 * must have the SHA-256 in the directory. So only the approved text runs, even if the file or its
 * fd changes.
 */

interface Image extends Directory {
  readonly fd: number;
  /** The common prefix of its modules' paths. */
  readonly beneath: string;
  /** Whether the kernel allowed it. */
  readonly allowed: boolean;
}

let image: Image | undefined;
/** Whether this V8 takes the bytecode of the image. The first module shows it. */
let takesBytecode = true;

const OTHERS_MAY_WRITE = 0o022;

/** Why the file cannot be trusted even if the kernel allows it. */
function whyNot(fd: number): string | undefined {
  const stat = fstatSync(fd);
  if (!stat.isFile()) return 'it is not a regular file';
  if ((stat.mode & OTHERS_MAY_WRITE) !== 0) return 'its group or others may write to it';
  const own = process.geteuid?.();
  if (stat.uid !== 0 && stat.uid !== own) return `it belongs to user ${stat.uid}`;
  return undefined;
}

/** Why the application on the disk differs from the one that the image was made of. */
function whyOther({ root, lockfiles }: Directory['meta']): string | undefined {
  try {
    if (realpathSync(root) !== root)
      return `it was made of '${root}', which is a symbolic link now`;
    const name = differingLockfile(lockfiles, hashLockfiles(root, sha256));
    return name === undefined ? undefined : `'${root}/${name}' has changed since it was made`;
  } catch (error) {
    return `it was made of '${root}', where ${(error as Error).message}`;
  }
}

/**
 * Opens the image that the environment names. Throws ExecDeniedError when it is refused, broken,
 * made for another Node or of another application.
 */
export function openImage(): void {
  const path = imagePath;
  if (path === undefined) return;
  const unusable = (why: string): never => {
    throw refused(`the code image '${path}' is not used: ${why}. See mayexec image`, path);
  };
  const question: FileQuestion = {
    operation: 'image',
    origin: 'start',
    kind: 'file',
    args: { path },
    data: false,
    toldBy: undefined,
    emulate: false,
    importers: undefined,
    text: undefined,
  };
  const opened = openCode(question);
  if (opened === undefined) return unusable('it cannot be opened');
  const { fd, allowed } = opened;
  const untrusted = whyNot(fd);
  if (untrusted !== undefined) return unusable(untrusted);
  let directory: Directory;
  try {
    directory = readDirectory(fd);
  } catch (error) {
    return unusable((error as Error).message);
  }
  const { meta } = directory;
  const why = whyForeign(meta) ?? whyOther(meta);
  if (why !== undefined) return unusable(why);
  takesBytecode = meta.engine !== null;
  image = { ...directory, fd, beneath: meta.root === '/' ? '/' : `${meta.root}/`, allowed };
}

/** Whether an image is used. */
export const hasImage = (): boolean => image !== undefined;

function broken(path: string): Error {
  return refused(
    `the code image '${imagePath ?? ''}' was changed after it was opened, or is broken: this file in it does not have the SHA-256 in its directory. Make it again with mayexec image`,
    path,
  );
}

/** A text from the image that has bytecode there. */
interface Compilable {
  readonly path: string;
  readonly text: string;
  /** The same text in the wrapper of a module. */
  readonly wrapped: string;
  /** Its index. */
  readonly i: number;
}

/** The ES modules with bytecode that were read and are not compiled yet, by path. */
const modules = { __proto__: null } as unknown as Record<string, { text: string; i: number }>;
/** The CommonJS module that was read last. */
let compilable: Compilable | undefined;
/** The module that the CommonJS loader is about to compile. */
let ready: Compilable | undefined;

/**
 * A module from the image, as a string with `text`. Undefined when there is no image, or it has no
 * such module. Throws ExecDeniedError when the image was changed.
 */
export function readFromImage(path: string, text: boolean): Read | undefined {
  if (image === undefined || !StringPrototypeStartsWith(path, image.beneath)) return undefined;
  const { fd, records, paths, allowed, beneath } = image;
  if (!allowed && filesAreRestricted()) return undefined;
  const i = native.imageFind(records, paths, StringPrototypeSlice(path, beneath.length));
  if (i < 0) {
    // Node also asks for names that are too long for a path or contain a NUL.
    if (i !== EBADMSG) return undefined;
    throw broken(path);
  }
  const compiles = text && takesBytecode && hasBytecode(records, i);
  const wraps = compiles && !isModule(records, i);
  const what = wraps ? IMAGE_FUNCTION : text ? IMAGE_TEXT : IMAGE_SOURCE;
  const content = native.imageRead(fd, records, i, what);
  if (typeof content === 'number') throw broken(path);
  if (typeof content === 'string' && compiles && !wraps) modules[path] = { text: content, i };
  if (typeof content !== 'string' || !wraps) return { content, allowed };
  // V8 gets the whole string. A part of it is not copied.
  const end = content.length - WRAPPER[1].length;
  const own = StringPrototypeSlice(content, WRAPPER[0].length, end);
  compilable = { path, text: own, wrapped: content, i };
  return { content: own, allowed };
}

/** Call this when the CommonJS loader receives the module that was read last. */
export function prepareCompile(path: string): void {
  ready = compilable?.path === path ? compilable : undefined;
  compilable = undefined;
}

/** A script from the image, with its bytecode. */
interface Compiled {
  readonly wrapped: string;
  readonly bytecode: Uint8Array;
}

/**
 * The script and the bytecode of a text that the CommonJS loader is compiling. Undefined for any
 * other text. Throws ExecDeniedError when the image was changed.
 */
export function takeBytecode(path: unknown, text: unknown): Compiled | undefined {
  if (image === undefined || ready === undefined) return undefined;
  if (path !== ready.path || text !== ready.text) return undefined;
  const { wrapped, i } = ready;
  ready = undefined;
  return { wrapped, bytecode: readBytecode(image, path, i) };
}

/**
 * The bytecode of a text that the ESM loader is compiling. Undefined for any other text. Throws
 * ExecDeniedError when the image was changed.
 */
export function takeModuleBytecode(path: string, text: string): Uint8Array | undefined {
  const own = modules[path];
  if (image === undefined || own === undefined || !takesBytecode || text !== own.text) {
    return undefined;
  }
  // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- the text is compiled once
  delete modules[path];
  return readBytecode(image, path, own.i);
}

function readBytecode({ fd, records }: Image, path: string, i: number): Uint8Array {
  const bytecode = native.imageRead(fd, records, i, IMAGE_BYTECODE);
  if (typeof bytecode !== 'object') throw broken(path);
  return bytecode;
}

/** Call this when V8 has rejected bytecode: its flags differ from those when the image was made. */
export function noteRejected(): void {
  takesBytecode = false;
}
