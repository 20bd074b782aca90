import { compileFunction, constants, Script as VmScript, type ScriptOptions } from 'node:vm';

import type { Engine } from './format.js';

/*
 * V8's bytecode of a CommonJS module: of a script with the module's text within Node's wrapper.
 * Node itself compiles the text as a function, and V8 makes bytecode of that only before any of its
 * functions has run. It makes bytecode of a script at any time, with all functions that are
 * compiled by then.
 */

/** native/addon_image.c has the same wrapper. */
export const WRAPPER = [
  '(function (exports, require, module, __filename, __dirname) { ',
  '\n});',
] as const;

/** The option that makes `import()` work in a module. Since Node 20.10. */
const DEFAULT_LOADER = (constants as unknown as Record<string, symbol>)[
  'USE_MAIN_CONTEXT_DEFAULT_LOADER'
] as unknown as undefined;

interface V8 {
  setFlagsFromString(flags: string): void;
}
/** Loaded on first use, because the preload contains this file and runs at every start. */
const v8 = (): V8 => process.getBuiltinModule('node:v8');

/** The engine of this process. */
export function ownEngine(): Engine {
  return { node: process.version, v8: process.versions.v8, arch: process.arch };
}

const Script = VmScript;

/** The script of a module's text. */
export const wrap = (text: string): string => `${WRAPPER[0]}${text}${WRAPPER[1]}`;

/**
 * A script whose value is the function that Node calls for a module. Stacks and messages have
 * the lines and columns of the module's own text.
 */
export function scriptOf(wrapped: string, filename: string, cachedData?: Uint8Array): VmScript {
  return new Script(wrapped, {
    __proto__: null,
    filename,
    lineOffset: 0,
    columnOffset: -WRAPPER[0].length,
    cachedData,
    importModuleDynamically: DEFAULT_LOADER,
  } as ScriptOptions);
}

/**
 * Whether a text can be compiled in the wrapper. A line with #! may only be the first of a file.
 */
export const isScript = (text: string): boolean => text[0] !== '#' || text[1] !== '!';

/** The positions of the hashes of V8's version and of its flags in the header of cached data. */
const VERSION = { start: 4, end: 8 } as const;
const FLAGS = { start: 12, end: 16 } as const;

/** The header of cached data that V8 makes with the flags of this process. */
let header: Buffer | undefined;

/**
 * Node warns at the first import() in code with the default loader that this is experimental. The
 * program did not choose it, so this import triggers the warning and hides it.
 */
export function silenceLoader(): void {
  // eslint-disable-next-line @typescript-eslint/unbound-method -- it is put back
  const { emitWarning } = process;
  process.emitWarning = () => undefined;
  try {
    const imports = compileFunction('return import("node:module")', [], {
      importModuleDynamically: DEFAULT_LOADER,
    }) as () => Promise<unknown>;
    void imports();
  } finally {
    process.emitWarning = emitWarning;
  }
}

/**
 * Most functions of a longer text are never called. Hashing and reading their bytecode takes longer
 * than compiling the few that are called.
 */
const LONGEST_EAGER = 8192;

/** Whether V8 would take bytecode: it was made by the same version, with the same flags. */
function isOwn(bytecode: Buffer, own: Buffer): boolean {
  return [VERSION, FLAGS].every(({ start, end }) =>
    bytecode.subarray(start, end).equals(own.subarray(start, end)),
  );
}

/** What V8 has compiled. */
interface Compiled {
  createCachedData(): Buffer;
}

const headerHere = (): Buffer => (header ??= scriptOf(wrap(''), '/mayexec.js').createCachedData());

/**
 * V8's bytecode of all functions in a short text, and of those that run at once in a long one.
 * Undefined where `compile` throws SyntaxError.
 *
 * Only a flag makes V8 compile all of them. V8 puts a hash of its flags into the bytecode, so the
 * hash without that flag is put back.
 */
export function cachedDataOf(text: string, compile: () => Compiled): Buffer | undefined {
  const own = headerHere();
  try {
    if (text.length > LONGEST_EAGER) return compile().createCachedData();
    v8().setFlagsFromString('--no-lazy');
    try {
      const eager = compile().createCachedData();
      own.copy(eager, FLAGS.start, FLAGS.start, FLAGS.end);
      return eager;
    } finally {
      v8().setFlagsFromString('--lazy');
    }
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/**
 * V8's bytecode of a CommonJS module. It has the functions that ran in a program, if `recorded` has
 * them. Undefined for a text that is not CommonJS.
 */
export function bytecodeOf(
  text: string,
  filename: string,
  recorded: readonly Buffer[],
): Buffer | undefined {
  if (!isScript(text)) return undefined;
  const own = headerHere();
  const ran = recorded.find((bytecode) => isOwn(bytecode, own));
  return ran ?? cachedDataOf(text, () => scriptOf(wrap(text), filename));
}
