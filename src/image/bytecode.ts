import vm from 'node:vm';

import type { Engine } from './format.js';

/** The parameters of the function that Node makes of a CommonJS module. */
export const PARAMETERS: readonly string[] = [
  'exports',
  'require',
  'module',
  '__filename',
  '__dirname',
];

/** What `import()` in a module needs. Since Node 20.10. */
export const DEFAULT_LOADER = (vm.constants as unknown as Record<string, symbol>)[
  'USE_MAIN_CONTEXT_DEFAULT_LOADER'
] as unknown as undefined;

interface V8 {
  setFlagsFromString(flags: string): void;
}
/** Loaded when it is used: the preload has this file in it at every start. */
const v8 = (): V8 => process.getBuiltinModule('node:v8');

/** The engine of this process. */
export function ownEngine(): Engine {
  return {
    node: process.version,
    v8: process.versions.v8,
    arch: process.arch,
  };
}

interface Compiled {
  readonly cachedData?: Buffer;
  readonly cachedDataRejected?: boolean;
}

function compile(text: string, filename: string, cachedData?: Buffer): Compiled {
  return vm.compileFunction(text, PARAMETERS, {
    filename,
    importModuleDynamically: DEFAULT_LOADER,
    ...(cachedData === undefined ? { produceCachedData: true } : { cachedData }),
  });
}

/** Where V8 writes, in the header of cached data, the hash of its flags. */
const FLAGS = { start: 12, end: 16 } as const;

/** The header of cached data that V8 makes with the flags of this process. */
let header: Buffer | undefined;

/**
 * Node warns once, at the first import() in what was compiled so, that the default loader
 * is experimental. The program did not ask for it, so this import is the first.
 */
export function silenceLoader(): void {
  // eslint-disable-next-line @typescript-eslint/unbound-method -- it is put back
  const { emitWarning } = process;
  process.emitWarning = () => undefined;
  try {
    const imports = vm.compileFunction('return import("node:module")', [], {
      importModuleDynamically: DEFAULT_LOADER,
    }) as () => Promise<unknown>;
    void imports();
  } finally {
    process.emitWarning = emitWarning;
  }
}

/**
 * What a longer text has of functions is mostly not called, and to hash and read their bytecode
 * takes longer than to compile the few that are.
 */
const LONGEST_EAGER = 8192;

/**
 * V8's bytecode of a CommonJS module: of all functions in a short one, and not of those alone
 * that are called at once. Undefined for a text that is no CommonJS.
 *
 * Only a flag makes V8 compile all of them. A hash of its flags goes into what it makes, so
 * that hash is put back. V8 is asked whether it takes the result. If not, then what it made
 * without the flag has to do.
 */
export function bytecodeOf(text: string, filename: string): Buffer | undefined {
  try {
    if (text.length > LONGEST_EAGER) return compile(text, filename).cachedData;
    header ??= compile('', '/mayexec.js').cachedData;
    v8().setFlagsFromString('--no-lazy');
    let eager: Buffer | undefined;
    try {
      eager = compile(text, filename).cachedData;
    } finally {
      v8().setFlagsFromString('--lazy');
    }
    if (eager !== undefined && header !== undefined) {
      header.copy(eager, FLAGS.start, FLAGS.start, FLAGS.end);
      if (compile(text, filename, eager).cachedDataRejected === false) return eager;
    }
    return compile(text, filename).cachedData;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
