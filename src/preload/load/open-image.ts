import { fstatSync, type Stats } from 'node:fs';

import { IMAGE_START, READ, READ_REGULAR } from '../../addon.js';
import { EBADMSG } from '../../errno.js';
import { ImageError, type Directory } from '../../image/format.js';
import { directoryIn } from '../../image/read.js';
import { filesAreRestricted } from '../../policy.js';
import { native } from '../lib/native.js';
import { StringPrototypeSlice, StringPrototypeStartsWith } from '../lib/primordials.js';
import { refuseUnchecked } from '../refused.js';
import { closeCode, openCode, type FileQuestion, type OpenCode } from './checked-read.js';

/** What a process takes from a code image: its modules, or only their bytecode. */
export type Use = 'image' | 'bytecode';

const NAMES: Readonly<Record<Use, string>> = {
  image: 'code image',
  bytecode: 'approved bytecode',
};

/** The end of a message. Both commands make a file with bytecode. */
export const MAKE_AGAIN: Readonly<Record<Use, string>> = {
  image: 'Make it again with mayexec image',
  bytecode: 'Make it again with mayexec seal --bytecode or mayexec image',
};

/** A code image that is open, with the directory that was read right after the check. */
export interface OpenImage extends Directory {
  readonly use: Use;
  readonly path: string;
  readonly fd: number;
  /** The common prefix of its modules' paths. */
  readonly beneath: string;
  /** Whether the kernel allowed it. */
  readonly allowed: boolean;
  /** Whether this V8 takes its bytecode. The first module shows it. */
  takesBytecode: boolean;
}

const nameOf = (use: Use, path: string): string => `the ${NAMES[use]} '${path}'`;

const OTHERS_MAY_WRITE = 0o022;

/** Why the file cannot be trusted even if the kernel allows it. */
function whyNot(stat: Stats): string | undefined {
  if (!stat.isFile()) return 'it is not a regular file';
  if ((stat.mode & OTHERS_MAY_WRITE) !== 0) return 'its group or others may write to it';
  const own = process.geteuid?.();
  if (stat.uid !== 0 && stat.uid !== own) return `it belongs to user ${stat.uid}`;
  return undefined;
}

/** Refuses an image whose records or modules do not have the hashes in its header. */
export function refuseBroken({ use, path }: OpenImage, module: string): never {
  refuseUnchecked(
    'load',
    'start',
    `${nameOf(use, path)} was changed after it was opened, or is broken: this file in it does not have the SHA-256 in its directory. ${MAKE_AGAIN[use]}`,
    module,
  );
}

/** The whole start is refused, with or without a restriction: the program is to run this code. */
function refuseStart(use: Use, path: string, why: string): never {
  refuseUnchecked('start', 'start', `${nameOf(use, path)} is refused: ${why}. ${MAKE_AGAIN[use]}`);
}

function open(use: Use, path: string): OpenCode {
  const question: FileQuestion = {
    operation: use,
    origin: 'start',
    kind: 'file',
    args: { path },
    data: false,
    toldBy: undefined,
    emulate: false,
    importers: undefined,
    text: undefined,
  };
  // Another thread can put another file under the number of the fd, so this is read in one call.
  const opened = openCode(question, READ | READ_REGULAR | IMAGE_START);
  if (opened === undefined) refuseStart(use, path, 'it cannot be opened');
  return opened;
}

/** Throws ImageError, and node:fs's errors. */
function trusted({ fd, content }: OpenCode, whyUnusable: WhyUnusable): Directory {
  const stat = fstatSync(fd);
  const untrusted = whyNot(stat);
  if (untrusted !== undefined) throw new ImageError(untrusted);
  if (typeof content !== 'object') throw new ImageError('it is standard input');
  const directory = directoryIn(content, stat.size);
  const why = whyUnusable(directory.meta);
  if (why !== undefined) throw new ImageError(why);
  return directory;
}

/** A reason not to use an image, in what it was made of and for. */
type WhyUnusable = (meta: Directory['meta']) => string | undefined;

/** Opens and checks an image. Throws ExecDeniedError when it is refused, broken or unusable. */
export function openImageFile(use: Use, path: string, whyUnusable: WhyUnusable): OpenImage {
  const opened = open(use, path);
  const { fd, allowed } = opened;
  let directory: Directory;
  try {
    directory = trusted(opened, whyUnusable);
  } catch (error) {
    closeCode(fd);
    refuseStart(use, path, (error as Error).message);
  }
  const { root, engine } = directory.meta;
  return {
    ...directory,
    use,
    path,
    fd,
    allowed,
    beneath: root === '/' ? '/' : `${root}/`,
    takesBytecode: engine !== null,
  };
}

/**
 * The index of a module. Undefined where the image has no such module, or may not be used. Throws
 * ExecDeniedError for a broken image.
 */
export function indexIn(image: OpenImage | undefined, path: string): number | undefined {
  if (image === undefined || !StringPrototypeStartsWith(path, image.beneath)) return undefined;
  const { records, paths, allowed, beneath } = image;
  if (!allowed && filesAreRestricted()) return undefined;
  const i = native.imageFind(records, paths, StringPrototypeSlice(path, beneath.length));
  if (i >= 0) return i;
  // Node also asks for names that are too long for a path or contain a NUL.
  if (i !== EBADMSG) return undefined;
  refuseBroken(image, path);
}
