import { fileURLToPath as toPath } from 'node:url';

import { SyscallError } from '../../errors.js';
import { checkWithoutFile } from '../../interactive.js';
import { auditLog } from '../audit-target.js';
import { builtinAsked } from '../lib/builtins.js';
import { isWatched } from '../enforcement.js';
import { filesAreRestricted } from '../../policy.js';
import {
  hasNoSource,
  isData,
  isDataFormat,
  formatWithoutTypes,
  isNamedTypeScript,
  isTypeScript,
  withoutByteOrderMark,
} from './formats.js';
import { callerOnStack, importersOf, isEntry, noteImporter } from './importers.js';
import { fileQuestion, type Read } from './checked-read.js';
import {
  moduleExports,
  type Hooks,
  type LoadContext,
  type LoadHook,
  type LoadResult,
  type RegisteredHooks,
  type Source,
} from './node-module.js';
import {
  BufferPrototypeEquals,
  ObjectDefineProperty,
  uncurryThis,
  ArrayBufferIsView,
  StringPrototypeStartsWith,
} from '../lib/primordials.js';
import { readModule } from './read-module.js';
import { refused } from '../refused.js';
import { noteApproved } from './approved-text.js';
import { enter } from '../guard/closed.js';
import { copyOfBytes } from '../lib/bytes.js';
import { prepareStripping } from './type-stripping.js';

const fileURLToPath = toPath;

/**
 * The CommonJS loader reads text. The ESM loader reads bytes, which other hooks
 * may count on, and decodes them with a TextDecoder that the program can patch.
 */
function wantsText({ format }: LoadContext, fromRequire: boolean): boolean {
  if (format === 'wasm' || format === 'bytes') return false;
  return fromRequire || filesAreRestricted();
}

/** What the inner hook supplied last, for the outer one to compare with. */
interface Supplied {
  readonly source: Source;
  /** It was judged as code, and may come out as code. */
  readonly asCode: boolean;
}
let supplied: Supplied | undefined;
/** Whether other hooks stand between the two. */
let othersRegistered = false;

function supply(source: Source, read: Read, data: boolean): void {
  if (!othersRegistered) return;
  // Bytes can be written to by the hooks in between.
  supplied = {
    source: ArrayBufferIsView(source) ? copyOfBytes(source) : source,
    asCode: !data || read.allowed,
  };
}

function ask(url: string, path: string, data: boolean, text: boolean): Read | undefined {
  const importers = (): readonly string[] => importersOf(url, callerOnStack);
  const question = fileQuestion('load', path, data, importers);
  return readModule(question, text, () => isEntry(url), supplyChecked);
}

/** Where files are restricted, for who imported what is asked of a denial above all. */
let noteImporters: () => void;

/**
 * Innermost: Node's own loader is given the bytes that were checked, and opens
 * no file of code itself. The CommonJS loader takes a source from the hook; the
 * ESM loader finds out the format by itself when it is passed a source.
 */
const supplyChecked: LoadHook = (url, context, nextLoad) => {
  const fromRequire = context.importAttributes === undefined;
  if (StringPrototypeStartsWith(url, 'node:')) {
    builtinAsked(url);
    const result = nextLoad(url, context);
    // A path that looks like a builtin's name, given to Module._extensions directly.
    if (result.source !== undefined && result.source !== null && filesAreRestricted()) {
      throw refused(`'${url}' is no builtin module, and no file that could be checked`);
    }
    return result;
  }
  const isFile = StringPrototypeStartsWith(url, 'file:');
  if (!isFile && !fromRequire) {
    if (!isData(context)) checkWithoutFile();
    return nextLoad(url, context);
  }
  if (hasNoSource(context.format)) return nextLoad(url, context);

  const data = isData(context);
  const path = isFile ? fileURLToPath(url) : url;
  const read = ask(url, path, data, wantsText(context, fromRequire));
  if (read === undefined) return nextLoad(url, context);
  if (!fromRequire) noteImporters();
  const content = fromRequire ? read.content : withoutByteOrderMark(read.content);
  // Finding out the format may strip types already.
  const typed = isTypeScript(context.format) || isNamedTypeScript(path);
  if (typed) prepareStripping();
  // Data that failed its check is no code, even where it is let through as data.
  const stripped = data && !read.allowed ? undefined : noteApproved(path, content, typed);
  if (fromRequire) {
    supply(content, read, data);
    return { source: content, format: context.format ?? undefined, shortCircuit: true };
  }
  const found = nextLoad(url, { __proto__: null, source: content } as LoadContext);
  const result = stripped === undefined ? found : withoutTypes(url, found, stripped);
  if (data && !isDataFormat(result.format)) ask(url, path, false, true);
  supply(result.source, read, data);
  return result;
};

/**
 * The module as Node would compile it. Node would strip the types later, when the program may
 * have replaced what it strips with.
 */
function withoutTypes(url: string, result: LoadResult, stripped: string): LoadResult {
  const format = formatWithoutTypes(result.format);
  if (format === undefined) return result;
  return {
    __proto__: null,
    format,
    source: `${stripped}\n\n//# sourceURL=${url}`,
    shortCircuit: result.shortCircuit,
  } as LoadResult;
}

function same(source: Source, other: Source): boolean {
  if (typeof source === 'string' || typeof other === 'string') return source === other;
  return (
    ArrayBufferIsView(source) && ArrayBufferIsView(other) && BufferPrototypeEquals(source, other)
  );
}

function settle(result: LoadResult): LoadResult {
  const { source } = result;
  return {
    ...result,
    source: ArrayBufferIsView(source) ? copyOfBytes(source) : source,
  };
}

/**
 * Outermost, once the program has registered hooks of its own: what they make
 * of a module must come from a file that may be run, and where the gate `hooks`
 * is closed must be that file's own text.
 */
const compare: LoadHook = (url, context, nextLoad) => {
  // A hook in between may answer for a builtin.
  if (StringPrototypeStartsWith(url, 'node:')) builtinAsked(url);
  // A hook may load another module from within this one's load.
  const outside = supplied;
  supplied = undefined;
  // Read once: a hook's result may answer differently the second time.
  const result = settle(nextLoad(url, context));
  const inner = supplied as Supplied | undefined;
  supplied = outside;
  const { source, format } = result;
  if (source === undefined || source === null) return result;
  if (isDataFormat(format) || hasNoSource(format) || !filesAreRestricted()) return result;
  if (inner?.asCode === true && same(source, inner.source)) return result;
  if (isWatched('hooks')) enter('hooks', `a module hook that replaces the source of '${url}'`);
  if (StringPrototypeStartsWith(url, 'file:')) judgeReplaced(url);
  return result;
};

/** A module of a hook's own making has no file; that is then the hook's code. */
function judgeReplaced(url: string): void {
  try {
    ask(url, fileURLToPath(url), false, true);
  } catch (error) {
    if (error instanceof SyscallError && error.code === 'ENOENT') return;
    throw error;
  }
}

/**
 * Puts both hooks in place. The hook registered first runs innermost, so the
 * outer one is registered again whenever the program has registered another.
 */
export function installLoadHooks(register: (hooks: Hooks) => RegisteredHooks): void {
  const inner = register({ load: supplyChecked });
  noteImporters = () => {
    if (!filesAreRestricted() && auditLog === undefined) return;
    noteImporters = () => undefined;
    register({ resolve: noteImporter });
  };

  // By these a program could register, or take out, hooks unseen.
  const prototype = Object.getPrototypeOf(inner) as RegisteredHooks;
  const deregister = uncurryThis(prototype.deregister);
  ObjectDefineProperty(prototype, 'constructor', {
    value: Object,
    writable: false,
    configurable: false,
  });

  let outer: RegisteredHooks | undefined;
  moduleExports.registerHooks = function registerHooks(hooks: Hooks): RegisteredHooks {
    const handle = register(hooks);
    if (outer !== undefined) deregister(outer);
    outer = register({ load: compare });
    othersRegistered = true;
    return handle;
  };
}
