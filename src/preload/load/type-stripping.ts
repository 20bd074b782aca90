import { isWatched } from '../enforcement.js';
import { enter } from '../guard/enter.js';
import { isLanguageIntact } from '../guard/intact.js';
import { builtin } from '../lib/builtins.js';
import {
  ArrayIsArray,
  ReflectApply,
  StringPrototypeEndsWith,
  StringPrototypeIncludes,
  StringPrototypeSlice,
} from '../lib/primordials.js';
import { hasLineTerminator, SOURCE_URL } from '../lib/source-url.js';
import { replace } from '../lib/replace.js';
import { undisturbed } from '../lib/undisturbed.js';

interface Options {
  readonly mode?: unknown;
  readonly sourceMap?: unknown;
  readonly sourceUrl?: unknown;
}
type Strip = (text: string, options?: Options) => string;

type Compile = (this: object, text: string, filename: string, format: string) => unknown;

const { stripTypeScriptTypes, prototype } = builtin<{
  stripTypeScriptTypes?: Strip;
  readonly prototype: { readonly _compile: Compile };
}>('node:module');
const { _compile: compile } = prototype;

/** A text whose types were stripped, or the error about it. */
export interface Stripped {
  /** What Node compiles: the code, and a comment for debuggers. Undefined after an error. */
  readonly text: string | undefined;
  /** Without the comment that names the file. */
  readonly code: string | undefined;
  /** Throws Node's error where Node does not strip it. */
  readonly fail: ((filename: string) => never) | undefined;
}

/**
 * The settings of Node's loader. With `transforms`, enums and namespaces become JavaScript, too.
 */
let strips = true;
let transforms = false;
let hasMaps = false;

/** Node's warning about its function, until it has been passed on. */
let unsaid: unknown[] | undefined;

/**
 * The program may have replaced process.emitWarning. So check after this whether the language is
 * intact.
 */
function warn(warning: unknown[]): void {
  // eslint-disable-next-line @typescript-eslint/unbound-method -- given its `this`
  ReflectApply(process.emitWarning as (...args: unknown[]) => void, process, warning);
}

/**
 * Call this before Node strips types. If the program has replaced functions that Node strips with,
 * the result may differ from the file. Then this throws if `strict` closes the gate `compile`.
 */
export function prepareStripping(): void {
  if (!isWatched('compile') || isLanguageIntact()) return;
  enter('compile', 'stripping types with functions that the program has replaced');
}

let hasWarned = false;

/** Node's loader says this before it transforms the first file. */
function warnOfTransforming(): void {
  if (!transforms || hasWarned) return;
  hasWarned = true;
  warn([
    'Transform Types is an experimental feature and might change at any time',
    'ExperimentalWarning',
  ]);
}

const notStripped = (fail: (filename: string) => never): Stripped =>
  ({ __proto__: null, text: undefined, code: undefined, fail }) as Stripped;

/** Throws Node's error about types under node_modules. Node throws it before it reads the text. */
function refuseNodeModules(filename: string): never {
  ReflectApply(compile, { __proto__: null }, ['', filename, 'commonjs-typescript']);
  throw new Error(`${filename}: Node strips no types under node_modules`);
}

/** Strips the types of a text. Undefined where this Node's loader strips no types. */
export function stripTypes(text: string, name: string): Stripped | undefined {
  return strips ? stripAnyTypes(text, name) : undefined;
}

/**
 * Strips the types of a text whose format only a hook of the program gave. Node's loader strips
 * those with every option.
 */
export function stripAnyTypes(text: string, name: string): Stripped | undefined {
  if (stripTypeScriptTypes === undefined) return undefined;
  const isLine = !hasLineTerminator(name, 0);
  if (isLine && StringPrototypeIncludes(name, '/node_modules/')) {
    return notStripped(refuseNodeModules);
  }
  warnOfTransforming();
  prepareStripping();
  // What follows a line terminator in a name would be code.
  const sourceUrl = isLine ? name : '';
  const mode = transforms ? 'transform' : 'strip';
  const options = { __proto__: null, mode, sourceMap: hasMaps, sourceUrl };
  let stripped: string;
  try {
    stripped = stripTypeScriptTypes(text, options);
  } catch (error) {
    return notStripped(() => {
      prepareStripping();
      // Let Node's function throw: an error that is thrown here has this line before its stack.
      stripTypeScriptTypes(text, options);
      throw error as Error;
    });
  }
  const comment = SOURCE_URL + sourceUrl;
  const code = StringPrototypeEndsWith(stripped, comment)
    ? StringPrototypeSlice(stripped, 0, stripped.length - comment.length)
    : stripped;
  return { __proto__: null, text: stripped, code, fail: undefined } as Stripped;
}

/**
 * Guards module.stripTypeScriptTypes with the gate `compile`. The first call loads Node's stripper,
 * which keeps the functions of the language that it finds then. Call this before the program runs.
 */
export function guardStripping(): void {
  if (stripTypeScriptTypes === undefined) return;
  const { features, sourceMapsEnabled } = process as unknown as {
    readonly features: { readonly typescript?: unknown };
    readonly sourceMapsEnabled?: boolean;
  };
  strips = features.typescript !== false;
  transforms = features.typescript === 'transform';
  hasMaps = transforms && sourceMapsEnabled === true;
  takeWarning(stripTypeScriptTypes);
  replace<Strip>(builtin<object>('node:module'), 'stripTypeScriptTypes', (original) => {
    return (text, options) => {
      const warning = unsaid;
      unsaid = undefined;
      if (warning !== undefined) warn(warning);
      if (typeof options !== 'object' || (options as Options | null) === null) {
        prepareStripping();
        return original(text, options);
      }
      // Node reports the error.
      if (ArrayIsArray(options)) return original(text, options as Options);
      // Their accessors must run before the language is checked.
      const { mode, sourceMap, sourceUrl } = options;
      prepareStripping();
      return original(text, { __proto__: null, mode, sourceMap, sourceUrl } as Options);
    };
  });
}

/**
 * Node warns about its function on the first call, before it reads the text. Later the program
 * could replace the language in process.emitWarning, after the check of it.
 */
function takeWarning(strip: Strip): void {
  const keep = (...warning: unknown[]): void => {
    unsaid = warning;
  };
  try {
    undisturbed(process, 'emitWarning', keep, () => strip(undefined as unknown as string));
  } catch {
    // It throws, because undefined is not a text.
  }
}
