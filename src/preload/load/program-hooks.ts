import { publish } from '../../audit.js';
import { digestOfText } from '../../digest.js';
import { SyscallError } from '../../errors.js';
import { filesAreRestricted } from '../../policy.js';
import { isAudited } from '../settings.js';
import { isWatched } from '../enforcement.js';
import { enter } from '../guard/enter.js';
import { noteCode } from '../guard/translators.js';
import { builtinAskedByUrl, noteImport } from '../lib/builtins.js';
import { pathOfFileUrl } from '../lib/file-url.js';
import {
  ObjectHasOwn,
  ReflectApply,
  StringOf,
  StringPrototypeStartsWith,
} from '../lib/primordials.js';
import { asText, hasNoSource, isJson } from './formats.js';
import type { LoadContext, LoadHook, LoadResult, Source } from './node-module.js';
import { decideUnchecked } from '../refused.js';
import { refuseAccessorsOfLoads } from './accessors.js';
import { isSame, settled, supply, takeSupplied, type Supplied } from './supplied.js';

/**
 * Asks whether a file may be run, by the path of a module and its URL. Throws when it may not.
 * Returns whether the file could be read.
 */
export type CheckFile = (url: string, path: string) => boolean;

/** Returns whether there is such a file. Throws when it may not run. */
function checkReplaced(url: string, check: CheckFile): boolean {
  try {
    return check(url, pathOfFileUrl(url));
  } catch (error) {
    if (error instanceof SyscallError && error.code === 'ENOENT') return false;
    throw error;
  }
}

/** Publishes the text of a module without a file. Without `strict` nothing refuses a hook's code. */
function publishText(url: string, source: Source): void {
  publish(() => {
    const text = asText(source) as string;
    const sha256 = digestOfText(text);
    return {
      operation: 'load',
      origin: 'hook',
      verdict: { allowed: true, binding: false, mechanism: 'none' },
      denied: false,
      wouldDeny: false,
      why: `a module hook supplies the text of '${url}', which is no file`,
      text,
      ...(sha256 === undefined ? {} : { sha256 }),
    };
  });
}

/** The context that a hook passes on. The hook must not change which of Node's loaders asks. */
function passedOn(given: LoadContext | undefined, fromRequire: boolean): LoadContext | undefined {
  if (given === undefined) return undefined;
  const own = { __proto__: null, ...given } as { importAttributes?: unknown };
  if (fromRequire) own.importAttributes = undefined;
  else if (typeof own.importAttributes !== 'object') delete own.importAttributes;
  return own as LoadContext;
}

/**
 * Wraps a load hook of the program. The module that it returns must come from a file that
 * may be run. Where the gate `hooks` is closed it must be that file's own text.
 *
 * Each hook is wrapped by itself. A single outermost hook would have to be registered again
 * after each, and the program could keep Node from doing so.
 */
export function heldTo(check: CheckFile, load: LoadHook): LoadHook {
  return function (this: unknown, url, context, nextLoad) {
    // The hook may answer for a builtin itself.
    if (context.importAttributes !== undefined) noteImport();
    builtinAskedByUrl(url);
    if (!filesAreRestricted() && !isAudited)
      return ReflectApply(load, this, [url, context, nextLoad]);

    refuseAccessorsOfLoads();
    const { format, importAttributes, conditions } = context;
    const fromRequire = importAttributes === undefined;
    let inner: Supplied | undefined;
    const next = (to: unknown, given?: LoadContext): LoadResult => {
      // Copy both: the program's objects may give another answer the second time.
      const target = StringOf(to);
      const passed = passedOn(given, fromRequire);
      takeSupplied();
      const result = nextLoad(target, passed);
      inner = takeSupplied();
      return result;
    };
    // Hooks may add properties of their own for those that come after them.
    const own = { ...context, format, importAttributes, conditions };
    const result = settle(ReflectApply(load, this, [url, own, next]) as LoadResult, fromRequire);
    if (leavesSourceToNode(result, fromRequire)) {
      if (filesAreRestricted()) result.source = settled(next(url, own as LoadContext).source);
      else if (StringPrototypeStartsWith(url, 'file:')) checkReplaced(url, check);
    }
    const isCode = checkSource(url, result, fromRequire, inner, check);
    if (!fromRequire) noteCode(url, isCode ? result.source : undefined);
    if (isCode) supply(result.source, true);
    return result;
  };
}

/**
 * Node takes no source for a builtin or an addon. It would compile one if the format were
 * requested under another name.
 */
function withoutSource(source: Source): Source {
  if (source === undefined || source === null) return source;
  if (filesAreRestricted()) return null;
  const why = 'a module hook gives a source to a module that has none';
  decideUnchecked('load', 'hook', false, why);
  return source;
}

/**
 * A result that gives the same answer at every read, and inherits nothing. Node's import takes only
 * own properties of it, its require() also inherited ones.
 */
function settle(given: LoadResult, fromRequire: boolean): LoadResult {
  // Whatever is no object fails here as it does in Node.
  const isObject = typeof given === 'object' && (given as LoadResult | null) !== null;
  const taken = fromRequire || !isObject ? given : ({ __proto__: null, ...given } as LoadResult);
  const { format, source, shortCircuit, responseURL } = taken;
  const result = {
    __proto__: null,
    format,
    source: hasNoSource(format)
      ? withoutSource(source)
      : format === 'json'
        ? asText(source)
        : settled(source),
    shortCircuit,
    responseURL,
  } as LoadResult;
  // Node 22 then loads the module past all hooks. Keep this only without a restriction.
  const reloads = 'shouldBeReloadedByCJSLoader';
  if (!filesAreRestricted() && ObjectHasOwn(taken, reloads)) result[reloads] = taken[reloads];
  return result;
}

/**
 * Whether Node opens the file of an imported CommonJS module itself, because the hook gives it no
 * source. It must get the text that was checked instead.
 */
const leavesSourceToNode = ({ format, source }: LoadResult, fromRequire: boolean): boolean =>
  !fromRequire && (source === undefined || source === null) && !hasNoSource(format);

/** Returns whether the source is code. Throws when it is code that may not run. */
function checkSource(
  url: string,
  { source, format }: LoadResult,
  fromRequire: boolean,
  inner: Supplied | undefined,
  check: CheckFile,
): boolean {
  if (source === undefined || source === null) return false;
  // The name of a script shows that it is Node's own.
  if (isWatched('hooks') && StringPrototypeStartsWith(url, 'node:'))
    enter('hooks', `a module hook that gives a source to '${url}'`, asText(source) as string);
  if (inner?.asCode === true && isSame(source, inner.source)) return true;
  // The CommonJS loader compiles any text, whatever its format is called.
  if (format === 'json' && isJson(source)) return false;
  if (!fromRequire && (format === 'text' || format === 'bytes')) return false;
  if (isWatched('hooks')) {
    const text = asText(source) as string;
    enter('hooks', `a module hook that replaces the source of '${url}'`, text);
  }
  const isFile = StringPrototypeStartsWith(url, 'file:') && checkReplaced(url, check);
  if (!isFile && !isWatched('hooks')) publishText(url, source);
  return true;
}
