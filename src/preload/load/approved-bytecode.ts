import { IMAGE_BYTECODE } from '../../addon.js';
import { wrap } from '../../image/bytecode.js';
import { hasBytecode, isModule } from '../../image/format.js';
import { whyForeign } from '../../image/foreign.js';
import { filesAreRestricted } from '../../policy.js';
import { publish } from '../../audit.js';
import { sayBytecodeUnused } from '../audit-target.js';
import { bytecodePath } from '../settings.js';
import { native } from '../lib/native.js';
import { closeCode, type Read } from './checked-read.js';
import { indexIn, MAKE_AGAIN, openImageFile, refuseBroken, type OpenImage } from './open-image.js';

/*
 * The bytecode of texts that the loaders are about to compile. It comes from the code image whose
 * text it is, or from a file that is used as a compile cache: there each text is read from the disk
 * and checked as ever, and must have the SHA-256 of the source that the bytecode was made of.
 */

let cache: OpenImage | undefined;

/** A foreign file is harmless: it only saves no time. */
function tellUnused(path: string, reason: string): void {
  const why = `the approved bytecode '${path}' is not used: ${reason}. ${MAKE_AGAIN.bytecode}`;
  publish(() => ({
    operation: 'bytecode',
    origin: 'start',
    verdict: { allowed: true, binding: false, mechanism: 'none' },
    denied: false,
    wouldDeny: false,
    why,
  }));
  sayBytecodeUnused(why);
}

/**
 * Opens the file that the environment names. Throws ExecDeniedError when it is refused or broken.
 */
export function openBytecode(): void {
  if (bytecodePath === undefined) return;
  const opened = openImageFile('bytecode', bytecodePath, () => undefined);
  const { meta, fd, path } = opened;
  const why = meta.engine === null ? 'it was made without bytecode' : whyForeign(meta);
  if (why === undefined) {
    cache = opened;
    return;
  }
  closeCode(fd);
  tellUnused(path, why);
}

/** Whether texts from the disk may get bytecode. */
export const hasApprovedBytecode = (): boolean => cache !== undefined;

/** A text that has bytecode in an image. */
interface Compilable {
  readonly image: OpenImage;
  /** Its index there. */
  readonly i: number;
  readonly path: string;
  readonly text: string;
  /** The text in the wrapper of a CommonJS module, where the image gave it so. */
  readonly wrapped: string | undefined;
}

/** The ES modules that were read and are not compiled yet, by path. */
const modules = { __proto__: null } as unknown as Record<string, Compilable>;
/** The CommonJS module that was read last. */
let compilable: Compilable | undefined;
/** The module that the CommonJS loader is about to compile. */
let ready: Compilable | undefined;

/** Call this with a text that a loader gets. */
export function noteCompilable(noted: Compilable): void {
  if (isModule(noted.image.records, noted.i)) modules[noted.path] = noted;
  else compilable = noted;
}

/** Call this with a file that was read from the disk and may run. */
export function noteRead(path: string, { content, allowed }: Read): void {
  if (cache === undefined || typeof content !== 'string' || !cache.takesBytecode) return;
  if (!allowed && filesAreRestricted()) return;
  const i = indexIn(cache, path);
  if (i === undefined || !hasBytecode(cache.records, i)) return;
  noteCompilable({ image: cache, i, path, text: content, wrapped: undefined });
}

/** Call this when the CommonJS loader receives the module that was read last. */
export function prepareCompile(path: string): void {
  ready = compilable?.path === path ? compilable : undefined;
  compilable = undefined;
}

/** The file whose bytecode V8 got last. */
let taken: OpenImage | undefined;

/** Undefined for bytecode of another text. Throws ExecDeniedError when the file was changed. */
function bytecodeOf({ image, i, path, text }: Compilable): Uint8Array | undefined {
  if (!image.takesBytecode || (!image.allowed && filesAreRestricted())) return undefined;
  const { fd, records, use } = image;
  if (use === 'bytecode' && native.imageIsSource(records, i, text) !== 1) return undefined;
  const bytecode = native.imageRead(fd, records, i, IMAGE_BYTECODE);
  if (typeof bytecode !== 'object') refuseBroken(image, path);
  taken = image;
  return bytecode;
}

/** A script with its bytecode. */
interface Compiled {
  readonly wrapped: string;
  readonly bytecode: Uint8Array;
}

/**
 * The script and the bytecode of a text that the CommonJS loader is compiling. Undefined for any
 * other text. Throws ExecDeniedError when the file with the bytecode was changed.
 */
export function takeBytecode(path: unknown, text: unknown): Compiled | undefined {
  if (ready === undefined || path !== ready.path || text !== ready.text) return undefined;
  const { wrapped = wrap(ready.text) } = ready;
  const bytecode = bytecodeOf(ready);
  ready = undefined;
  return bytecode === undefined ? undefined : { wrapped, bytecode };
}

/**
 * The bytecode of a text that the ESM loader is compiling. Undefined for any other text. Throws
 * ExecDeniedError when the file with the bytecode was changed.
 */
export function takeModuleBytecode(path: string, text: string): Uint8Array | undefined {
  const own = modules[path];
  if (own === undefined || text !== own.text) return undefined;
  // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- the text is compiled once
  delete modules[path];
  return bytecodeOf(own);
}

/** Call this when V8 has rejected bytecode: its flags differ from those when the file was made. */
export function noteRejected(): void {
  if (taken === undefined || !taken.takesBytecode) return;
  taken.takesBytecode = false;
  if (taken.use === 'bytecode')
    tellUnused(taken.path, 'V8 has other options than when it was made');
}
