/**
 * The preload: Node obeys the exec securebits. Load it before everything else, by its
 * absolute path, with `--require` in NODE_OPTIONS or on the command line, or with
 * `--import`.
 *
 * From then on Node opens each file of code once, the kernel checks that fd, and Node reads from
 * it. Code without a file is checked too. Without securebits everything works as in plain Node.
 * Each verdict is published on the `mayexec:check` channel. Where no policy binds and nobody hears
 * of a verdict, Node reads the file by itself. See docs/node.md.
 */
import { readFileSync } from 'node:fs';
import { Script } from 'node:vm';

/*
 * Of dist/register.cjs, Node compiles only this file. The rest of the preload is in a comment
 * there, because V8 needs longer to compile it than to run it. The code here compiles it with the
 * bytecode that the build made for this V8 (bytecode.mjs). With another V8 or other flags it is
 * compiled like any other source.
 *
 * The bytecode is trusted as much as this file, which is in the same directory. Nothing can check
 * either of them.
 */

/** bundle.mjs puts this function before the code of this file. */
declare function packed(): void;
declare const PACKED: { readonly start: number; readonly end: number; readonly sha256: string };

type Wrapped = (...args: unknown[]) => void;
interface Preload {
  readonly preload: () => void;
}

/** The position of the hash of V8's flags in bytecode. */
const FLAGS = { start: 12, end: 16 } as const;
/**
 * After the bytecode come the hash of the flags under --strict and the SHA-256 of the preload's
 * text.
 */
const SHA256_BYTES = 32;
/** The flag of --strict. It forbids code from strings, and changes no bytecode. */
const STRICT = '--disallow-code-generation-from-strings';

function compile(text: string, cachedData: Buffer | undefined): Script {
  return new Script(text, {
    filename: import.meta.filename,
    ...(cachedData && { cachedData }),
  });
}

/** Whether V8 may have the flag of --strict. Asking V8 for the hash of its flags takes longer. */
function isNamed(): boolean {
  const { execArgv, env } = process;
  return execArgv.includes(STRICT) || env['NODE_OPTIONS']?.includes(STRICT) === true;
}

/**
 * The bytecode for this V8. Undefined where there is none, where it may not be read, or where it
 * belongs to another build: of the text V8 itself compares only the length.
 */
function readBytecode(): Buffer | undefined {
  const name = `${process.versions.v8}-${process.arch}`;
  let file: Buffer;
  try {
    file = readFileSync(`${import.meta.dirname}/bytecode/${name}`);
  } catch {
    return undefined;
  }
  const { start, end } = FLAGS;
  const behind = file.length - SHA256_BYTES;
  if (behind < end || file.toString('hex', behind) !== PACKED.sha256) return undefined;
  const strict = file.subarray(behind + start - end, behind);
  const bytecode = file.subarray(0, behind + start - end);
  if (!isNamed()) return bytecode;
  const own = compile('', undefined).createCachedData().subarray(start, end);
  if (own.equals(strict)) strict.copy(bytecode, start);
  return bytecode;
}

const loaded = Object.create(null) as Record<string, unknown>;
/** The preload asks for some builtins dozens of times, and Node's require() takes long each time. */
const load: (name: string) => unknown = require;
const requireOnce = (name: string): unknown => (loaded[name] ??= load(name));

const text = String(packed).slice(PACKED.start, PACKED.end);
const own = { exports: {} };
const run = compile(text, readBytecode()).runInThisContext() as Wrapped;
run(own.exports, requireOnce, own, import.meta.filename, import.meta.dirname);
(own.exports as Preload).preload();
