import { fstatSync, realpathSync } from 'node:fs';

import { SHA256, type Directory, type Hash } from '../../image/format.js';
import { takesBytecode, whyForeign } from '../../image/foreign.js';
import { differingLockfile, hashLockfiles } from '../../image/lockfiles.js';
import { lengthOf, readDirectory, readModuleAt } from '../../image/read.js';
import { filesAreRestricted } from '../../policy.js';
import { imagePath } from '../environment.js';
import { builtin } from '../lib/builtins.js';
import { textOf } from '../lib/bytes.js';
import {
  BufferPrototypeCompare,
  BufferPrototypeHexSlice,
  StringPrototypeSlice,
  StringPrototypeStartsWith,
  TextEncoderPrototypeEncodeInto,
} from '../lib/primordials.js';
import { refused } from '../refused.js';
import { openCode, type FileQuestion, type Read } from './checked-read.js';

/*
 * The code image: one file that the kernel approved, in the place of the files of code of
 * an application. Its directory is read once, right after the check. A module is read when
 * it is loaded, and must have the SHA-256 that the directory says. So whatever becomes of
 * the file, or of its fd, no other text is run than the one that was approved.
 */

interface Image extends Directory {
  readonly fd: number;
  readonly hash: Hash;
  /** What all its modules' paths begin with. */
  readonly beneath: string;
  /** Whether the kernel allowed it. */
  readonly allowed: boolean;
  /** Whether this V8 takes its bytecode. */
  readonly bytecode: boolean;
  /** Where a path is encoded, to be looked for. */
  readonly key: Uint8Array;
}

let image: Image | undefined;

const OTHERS_MAY_WRITE = 0o022;

const Bytes = Uint8Array;
const Memory = ArrayBuffer;
// eslint-disable-next-line @typescript-eslint/unbound-method -- it asks for no `this`
const bufferFrom = Buffer.from as (memory: ArrayBuffer, start: number, length: number) => Buffer;
const encoder = new TextEncoder();
const LONGEST_PATH = 4096;
/** Three bytes hold every UTF-16 unit. */
const KEY = LONGEST_PATH * 3;

/** Why the file cannot be trusted, whoever approved it. */
function whyNot(fd: number): string | undefined {
  const stat = fstatSync(fd);
  if (!stat.isFile()) return 'it is no regular file';
  if ((stat.mode & OTHERS_MAY_WRITE) !== 0) return 'its group, or others, may write to it';
  const own = process.geteuid?.();
  if (stat.uid !== 0 && stat.uid !== own) return `it belongs to user ${stat.uid}`;
  return undefined;
}

/** Why the application on the disk is not the one that the image was made of. */
function whyOther({ root, lockfiles }: Directory['meta'], hash: Hash): string | undefined {
  try {
    if (realpathSync(root) !== root)
      return `it was made of '${root}', which is a symbolic link now`;
    const name = differingLockfile(lockfiles, hashLockfiles(root, hash));
    return name === undefined ? undefined : `'${root}/${name}' is another one than it was made of`;
  } catch (error) {
    return `it was made of '${root}', where ${(error as Error).message}`;
  }
}

/**
 * Opens the image that the environment names. Throws ExecDeniedError for one that is
 * refused, broken, foreign, or of another application.
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
  const crypto = builtin<{ hash?: (name: 'sha256', bytes: Uint8Array) => string } | undefined>(
    'node:crypto',
  );
  const sha256 = crypto?.hash;
  if (sha256 === undefined) return unusable('this Node has no crypto.hash');
  const hash: Hash = (bytes) => sha256('sha256', bytes);
  const untrusted = whyNot(fd);
  if (untrusted !== undefined) return unusable(untrusted);
  let directory: Directory;
  try {
    directory = readDirectory(fd, hash);
  } catch (error) {
    return unusable((error as Error).message);
  }
  const { meta } = directory;
  const why = whyForeign(meta) ?? whyOther(meta, hash);
  if (why !== undefined) return unusable(why);
  const bytecode = takesBytecode(meta);
  const beneath = meta.root === '/' ? '/' : `${meta.root}/`;
  image = { ...directory, fd, hash, beneath, allowed, bytecode, key: new Bytes(KEY) };
}

/** Whether an image is used. */
export const hasImage = (): boolean => image !== undefined;

/** The index of the module with this path. Undefined when the image has none. */
function indexOf(
  { paths, pathEnds, count, beneath, key }: Image,
  path: string,
): number | undefined {
  const name = StringPrototypeSlice(path, beneath.length);
  if (name.length > LONGEST_PATH) return undefined;
  const { written } = TextEncoderPrototypeEncodeInto(encoder, name, key);
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const start = middle === 0 ? 0 : (pathEnds[middle - 1] as number);
    const order = BufferPrototypeCompare(paths, key, 0, written, start, pathEnds[middle]);
    if (order === 0) return middle;
    if (order < 0) low = middle + 1;
    else high = middle;
  }
  return undefined;
}

/** Bytecode for a text that was read from the image. */
interface Compilable {
  readonly path: string;
  readonly text: string;
  readonly bytecode: Uint8Array;
}

/** Of the module that was read last. */
let compilable: Compilable | undefined;
/** Of the module that the CommonJS loader is about to compile. */
let ready: Compilable | undefined;

/**
 * A module from the image, as a string with `text`. Undefined when there is no image, or
 * it has no such module. Throws ExecDeniedError when the file holds something else now.
 */
export function readFromImage(path: string, text: boolean): Read | undefined {
  if (image === undefined || !StringPrototypeStartsWith(path, image.beneath)) return undefined;
  const { fd, hash, hashes, allowed, bytecodeLengths, sourceLengths } = image;
  if (!allowed && filesAreRestricted()) return undefined;
  const i = indexOf(image, path);
  if (i === undefined) return undefined;
  const memory = new Memory(lengthOf(image, i));
  const bytes = new Bytes(memory);
  readModuleAt(fd, image, i, bytes);
  if (hash(bytes) !== BufferPrototypeHexSlice(hashes, i * SHA256, (i + 1) * SHA256)) {
    throw refused(
      `the code image '${imagePath ?? ''}' was written to after it was opened, or is broken: what it holds for this file does not have the SHA-256 that its directory says. Make it anew`,
      path,
    );
  }
  const bytecodeLength = bytecodeLengths[i] as number;
  const source = bufferFrom(memory, bytecodeLength, sourceLengths[i] as number);
  if (!text) return { content: source, allowed };
  const content = textOf(source);
  if (image.bytecode && bytecodeLength > 0) {
    compilable = { path, text: content, bytecode: new Bytes(memory, 0, bytecodeLength) };
  }
  return { content, allowed };
}

/** Call this when the CommonJS loader gets the module that was read last. */
export function prepareCompile(path: string): void {
  ready = compilable?.path === path ? compilable : undefined;
  compilable = undefined;
}

/** The bytecode of a text that the CommonJS loader is compiling. Undefined for any other text. */
export function takeBytecode(path: unknown, text: unknown): Uint8Array | undefined {
  if (ready === undefined || path !== ready.path || text !== ready.text) return undefined;
  const { bytecode } = ready;
  ready = undefined;
  return bytecode;
}
