import { NotFoundError } from '../../errors.js';
import { checkWithoutFile } from '../../interactive.js';
import { isAudited } from '../settings.js';
import { builtinAskedByUrl, noteImport } from '../lib/builtins.js';
import { isClosed, whenEnforced } from '../enforcement.js';
import type { KnownOrigin } from '../../origin.js';
import { anythingIsEnforced, filesAreRestricted } from '../../policy.js';
import {
  asText,
  hasNoSource,
  isData,
  isDataFormat,
  formatWithoutTypes,
  isNamedTypeScript,
  isTypeScript,
  parseJson,
  withoutByteOrderMark,
} from './formats.js';
import { callerOnStack, importersOf, isEntry, noteImporter } from './importers.js';
import { fileQuestion, readPolicy, type Read } from './checked-read.js';
import {
  moduleExports,
  type Hooks,
  type LoadContext,
  type LoadHook,
  type LoadResult,
  type RegisteredHooks,
  type Source,
} from './node-module.js';
import { pathOfFileUrl } from '../lib/file-url.js';
import { StringOf, StringPrototypeStartsWith } from '../lib/primordials.js';
import { isBefore } from '../lib/node-version.js';
import { replace } from '../lib/replace.js';
import { refuseAccessorsOfLoads, refuseAccessorsOfRegistration } from './accessors.js';
import { hookClasses, noteHooks } from './hook-classes.js';
import { heldTo } from './program-hooks.js';
import { noteCode } from '../guard/translators.js';
import { noteStarted, readModule } from './read-module.js';
import { contextForNode, isUnheard, prepareUnheard } from './unheard.js';
import { unread } from './unread.js';
import { isFsPatched, isTextInDoubt, textFromElsewhere } from './patched-fs.js';
import { prepareCompile } from './approved-bytecode.js';
import { supply } from './supplied.js';
import { decideUnchecked } from '../refused.js';
import { noteApproved } from './approved-text.js';
import { prepareStripping, type Stripped } from './type-stripping.js';
import { loadCodeOfUrl, loadDataOfUrl } from './data-url.js';
import { mayHaveHooksElsewhere, refuseCompileCache } from './unchecked-loading.js';

/**
 * The CommonJS loader reads text. The ESM loader reads bytes, which other hooks
 * may count on, and decodes them with a TextDecoder that the program can patch.
 */
function wantsText({ format }: LoadContext, fromRequire: boolean): boolean {
  if (fromRequire) return true;
  return format !== 'wasm' && format !== 'bytes' && filesAreRestricted();
}

/** Whether Node names a TypeScript file by its URL in a stack, even if require() loads it. */
let namesByUrl: boolean;

/** Whether the program has hooks of its own, which compare the result. */
let othersRegistered = false;

function ask(
  url: string,
  origin: KnownOrigin,
  path: string,
  data: boolean,
  text: boolean,
): Read | undefined {
  const importers = (): readonly string[] => importersOf(url, callerOnStack);
  const question = fileQuestion('load', origin, path, data, importers);
  return readModule(question, text, () => isEntry(url), supplyChecked);
}

/**
 * Reads a file that may exist only in a virtual file system. The kernel cannot check such a file.
 */
function askUnlessElsewhere(
  url: string,
  origin: KnownOrigin,
  path: string,
  data: boolean,
  text: boolean,
): Read | undefined {
  try {
    return ask(url, origin, path, data, text);
  } catch (error) {
    const isMissing = error instanceof NotFoundError && isFsPatched();
    if (isMissing) textFromElsewhere(path, origin, () => importersOf(url));
    throw error;
  }
}

/** Whether the loader's own step returned the text that was read here, or nothing. */
function isText(source: Source, content: Source): boolean {
  if (source === undefined || source === null) return true;
  const text = asText(content);
  return withoutByteOrderMark(asText(source) as string) === withoutByteOrderMark(text as string);
}

/** Installed only under a restriction: denial messages name the importers. */
let noteImporters: () => void;

/** The content of a file, for one of Node's two loaders. */
interface Supply {
  readonly url: string;
  readonly path: string;
  readonly context: LoadContext;
  readonly nextLoad: (url: string, context?: LoadContext) => LoadResult;
  readonly read: Read;
  readonly data: boolean;
  readonly restricted: boolean;
  /** The text without types, where strict has stripped them. */
  readonly stripped: Stripped | undefined;
}

/** Data that failed its check may still be passed on, so make sure that it cannot run. */
function mustBeJson(path: string, content: unknown): void {
  try {
    parseJson(content as string);
  } catch (error) {
    (error as Error).message = `${path}: ${(error as Error).message}`;
    if (filesAreRestricted()) throw error;
    decideUnchecked('load', 'require', false, 'it is read as data, but it is not JSON', path);
  }
}

/** The CommonJS loader takes a source from the hook and compiles it, whatever its format. */
function forRequire({ path, context, read, data, restricted }: Supply): LoadResult {
  const { content, allowed } = read;
  if ((restricted || isAudited) && data && !allowed) mustBeJson(path, content);
  if (othersRegistered) supply(content, !data || allowed);
  prepareCompile(path);
  const format = context.format ?? undefined;
  return { __proto__: null, source: content, format, shortCircuit: true } as LoadResult;
}

/** The ESM loader detects the format itself when it is given a source. */
function forImport(supplied: Supply): LoadResult {
  const { url, path, context, nextLoad, read, data, restricted } = supplied;
  const content = withoutByteOrderMark(read.content);
  // On another thread a Buffer is a Uint8Array, in which Node finds no syntax.
  const isGiven = restricted || !mayHaveHooksElsewhere();
  const given = isGiven ? ({ __proto__: null, source: content } as LoadContext) : context;
  const result = nextLoad(url, given);
  if (data && !isDataFormat(result.format)) ask(url, 'import', path, false, true);
  if (restricted && !read.allowed && result.format === 'json') mustBeJson(path, content);
  const own = ownSource(supplied, result, content);
  const asCode = !data || read.allowed;
  noteCode(url, asCode ? own.source : undefined);
  if (othersRegistered) supply(own.source, asCode);
  return own;
}

/**
 * The checked source, whatever Node's own step returned: an accessor, or hooks on a thread of their
 * own, may have substituted another one. Stripped text stays stripped. Node would strip it later,
 * when the program may have replaced the functions that do it. So the error about a text that
 * cannot be stripped is thrown here, where no hook of the program may replace that text.
 */
function ownSource(
  { url, stripped, restricted }: Supply,
  result: LoadResult,
  content: string | Buffer,
): LoadResult {
  if (isTypeScript(result.format) && isClosed('hooks')) stripped?.fail?.(url);
  const text = stripped?.text;
  const compiled = text === undefined ? undefined : formatWithoutTypes(result.format);
  if (!restricted && compiled === undefined) return result;
  const { format, source, responseURL } = result;
  const own = { __proto__: null, format, source, responseURL, shortCircuit: true } as LoadResult;
  if (compiled !== undefined) {
    own.format = compiled;
    own.source = text;
  } else if (source !== undefined && source !== null) {
    own.source = content;
  }
  return own;
}

/** Handles a module that does not come from a file. `no` completes the sentence "'URL' is …". */
function withoutSource(url: string, result: LoadResult, no: string): LoadResult {
  if (result.source !== undefined && result.source !== null) {
    const why = `'${url}' is ${no}, and no file that could be checked`;
    decideUnchecked('load', 'hook', filesAreRestricted(), why, url);
  }
  return result;
}

/**
 * The innermost hook: Node's own loader gets the checked bytes, and opens no file of code
 * itself.
 */
const supplyChecked: LoadHook = (given, context, nextLoad) => {
  // A hook may pass an object that gives a different answer each time.
  const url = StringOf(given);
  const { files: restricted, interactive } = readPolicy();
  if (restricted || isAudited) refuseAccessorsOfLoads();
  if (restricted) refuseCompileCache();
  const fromRequire = context.importAttributes === undefined;
  if (!fromRequire) noteImport();
  builtinAskedByUrl(url);
  if (StringPrototypeStartsWith(url, 'node:')) {
    // A path that looks like a builtin's name, passed directly to Module._extensions.
    return withoutSource(url, nextLoad(url, context), 'no builtin module');
  }
  const isFile = StringPrototypeStartsWith(url, 'file:');
  const data = isData(context, fromRequire);
  if (!isFile && !fromRequire) {
    if (StringPrototypeStartsWith(url, 'data:')) {
      if (data) return loadDataOfUrl(url, context, nextLoad);
      const result = loadCodeOfUrl(url, context, nextLoad);
      noteCode(url, result.source);
      return result;
    }
    if (!data) checkWithoutFile('url');
    // Node would normalize 'FILE:' or ' file:' and read the file.
    return withoutSource(url, nextLoad(url, context), 'no URL of a file as Node writes it');
  }
  if (!fromRequire && hasNoSource(context.format)) {
    return withoutSource(url, nextLoad(url, context), 'no module of that format');
  }
  if (!restricted && !interactive && isUnheard()) {
    noteStarted();
    const result = nextLoad(url, contextForNode(context, fromRequire));
    if (!anythingIsEnforced()) return result;
    // A restriction began after the file was read, so check it.
    return supplyChecked(url, context, nextLoad);
  }

  const path = isFile ? pathOfFileUrl(url) : url;
  const origin = fromRequire ? 'require' : 'import';
  const read = askUnlessElsewhere(url, origin, path, data, wantsText(context, fromRequire));
  if (isTextInDoubt()) {
    const again = fromRequire ? context : ({ __proto__: null, source: undefined } as LoadContext);
    const result = nextLoad(url, again);
    if (!isText(result.source, read?.content))
      textFromElsewhere(path, origin, () => importersOf(url));
    if (!restricted) return result;
  }
  if (read === undefined) {
    const tell = unread(path, origin, data, () => importersOf(url));
    const result = nextLoad(url, context);
    const isRead = result.source !== undefined && result.source !== null;
    // Under a restriction the failure itself was thrown, unless that began meanwhile.
    if (filesAreRestricted()) return withoutSource(url, result, 'a file that could not be read');
    if (isRead) tell();
    return result;
  }
  if (!fromRequire) noteImporters();
  const content = fromRequire ? read.content : withoutByteOrderMark(read.content);
  const typed = isTypeScript(context.format) || isNamedTypeScript(path);
  if (typed) prepareStripping();
  // Data that failed its check is not code, even where it is allowed as data.
  const name = fromRequire && !namesByUrl ? path : url;
  const stripped =
    data && !read.allowed ? undefined : noteApproved(path, content, typed ? name : undefined);
  const supplied = { url, path, context, nextLoad, read, data, restricted, stripped };
  return fromRequire ? forRequire(supplied) : forImport(supplied);
};

/**
 * Installs the innermost hook, which is the one that is registered first. Each hook of the program
 * must pass on the text that this one supplies.
 */
export function installLoadHooks(register: (hooks: Hooks) => RegisteredHooks): void {
  namesByUrl = !isBefore(24, 0);
  prepareUnheard();
  const inner = register({ __proto__: null, load: supplyChecked, resolve: undefined } as Hooks);
  noteImporters = () => {
    if (!filesAreRestricted() && !isAudited) return;
    noteImporters = () => undefined;
    register({ __proto__: null, resolve: noteImporter, load: undefined } as Hooks);
  };

  const { watch, freeze } = hookClasses(register, inner);
  if (isAudited) watch();
  whenEnforced(freeze);

  const check = (url: string, path: string): boolean =>
    ask(url, 'hook', path, false, true) !== undefined;
  replace<typeof register>(moduleExports, 'registerHooks', (original) => (hooks) => {
    const { resolve, load } = hooks;
    if (filesAreRestricted() || isAudited) refuseAccessorsOfRegistration();
    othersRegistered = true;
    noteHooks();
    return original({
      __proto__: null,
      resolve,
      load: typeof load === 'function' ? heldTo(check, load) : load,
    } as Hooks);
  });
}
