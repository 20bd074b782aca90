import { fileURLToPath as toPath } from 'node:url';

import { checkInteractive } from '../../interactive.js';
import { noteApproved } from '../load/approved-text.js';
import { enforce, filesAreRestricted } from '../enforcement.js';
import { hasNoSource, isData, isDataFormat, withoutByteOrderMark } from '../load/formats.js';
import { importersOf, isEntry, note } from '../load/importers.js';
import type { LoadContext, LoadResult, Source } from '../load/node-module.js';
import type { InternalRequire } from './internals.js';
import {
  ObjectDefineProperty,
  ReflectApply,
  StringPrototypeStartsWith,
} from '../lib/primordials.js';
import { readModule } from '../load/read-module.js';

/*
 * The ESM loader of a Node without module.registerHooks. It reads a file in
 * `load`, which is replaced, or in functions out of reach where it may not wait.
 * Whatever the way, a source becomes code in a translator, one for each format,
 * and none gets there but a source that was supplied here.
 */

type Attributes = Readonly<Record<string, string>>;
type Translator = (this: unknown, url: string, source: Source, isMain: boolean) => unknown;
interface Loader {
  load: (url: string, context: LoadContext) => Promise<LoadResult>;
  resolve: (specifier: string, parentURL?: string, attributes?: Attributes) => { url?: string };
  setCustomizations: (customizations: unknown) => void;
}
interface LoaderModule {
  readonly getOrInitializeCascadedLoader: () => Loader;
}
interface Options {
  readonly getOptionValue: (name: string) => readonly string[];
}
interface TranslatorsModule {
  readonly translators: Map<string, Translator>;
}

const fileURLToPath = toPath;

/** Whether hooks on a thread of their own supply the sources: module.register, --experimental-loader. */
let customized = false;
export function isCustomized(): boolean {
  return customized;
}

interface Supplied {
  readonly source: Source;
  readonly data: boolean;
}
/** By URL, what was read and has not become a module yet. */
const supplied = Object.create(null) as Record<string, Supplied>;

function read(url: string, format: string | null | undefined, data: boolean): Source {
  const path = fileURLToPath(url);
  const file = { path, data, importers: () => importersOf(url), isEntry: () => isEntry(url) };
  // Bytes are what Node has, text is what no patched TextDecoder gets to see.
  const text = format !== 'wasm' && filesAreRestricted();
  const content = readModule(file, text, supplyChecked)?.content;
  if (content === undefined) return undefined;
  noteApproved(path, content, false);
  // An empty text is no source to Node.
  return content === '' ? new Uint8Array(0) : withoutByteOrderMark(content);
}

/** The source that a translator is to make a module of, given the one that Node has for it. */
function sourceFor(url: string, format: string, source: Source): Source {
  const data = isDataFormat(format);
  const own = supplied[url];
  // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- it becomes a module once
  delete supplied[url];
  if (own !== undefined && own.source === source && (data || !own.data)) return source;
  if (!StringPrototypeStartsWith(url, 'file:')) {
    if (!data) checkInteractive({ enforce });
    return source;
  }
  const content = read(url, format, data);
  const isTheirs = customized && !filesAreRestricted();
  return content === undefined || isTheirs ? source : content;
}

/** Takes the place of a translator. */
function checked(format: string, translate: Translator): Translator {
  // The CommonJS loader reads these itself; here they are looked through for the names of exports.
  const isRead = format !== 'commonjs-sync';
  const mayBeRead = format !== 'commonjs';
  // Named, since it shows in the stack of a syntax error.
  function supplyChecked(this: unknown, url: string, source: Source, isMain: boolean): unknown {
    const isCode = isRead && (mayBeRead || (source !== undefined && source !== null));
    const given = isCode ? sourceFor(url, format, source) : source;
    return ReflectApply(translate, this, [url, given, isMain]);
  }
  return supplyChecked;
}

let load: Loader['load'];

/** In the place of ModuleLoader#load: what is supplied as `source` is not read again. */
async function supplyChecked(this: Loader, url: string, context: LoadContext): Promise<LoadResult> {
  const { format, importAttributes } = context;
  const isRead =
    StringPrototypeStartsWith(url, 'file:') && format !== 'commonjs' && !hasNoSource(format);
  if (!isRead || customized) return ReflectApply(load, this, [url, context]);
  const data = isData(context);
  const source = read(url, format, data);
  if (source === undefined) return ReflectApply(load, this, [url, context]);
  supplied[url] = { source, data };
  const own = { __proto__: null, format, importAttributes, source } as LoadContext;
  const result = await ReflectApply(load, this, [url, own]);
  // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- the CommonJS loader reads it itself
  if (result.source !== source) delete supplied[url];
  return result;
}

function replace<K extends keyof Loader>(loader: Loader, name: K, value: Loader[K]): void {
  ObjectDefineProperty(loader, name, {
    value,
    writable: true,
    enumerable: false,
    configurable: true,
  });
}

/** Returns whether the ESM loader of this Node can be given the files that were checked. */
export function installEsmLoader(require: InternalRequire): boolean {
  const { translators } = require('internal/modules/esm/translators') as TranslatorsModule;
  const { getOrInitializeCascadedLoader } = require('internal/modules/esm/loader') as LoaderModule;
  const { getOptionValue } = require('internal/options') as Options;
  customized = getOptionValue('--experimental-loader').length > 0;

  const loader = getOrInitializeCascadedLoader();
  const { resolve, setCustomizations } = loader;
  ({ load } = loader);
  replace(loader, 'load', supplyChecked);
  replace(loader, 'setCustomizations', function (this: Loader, customizations) {
    customized = true;
    ReflectApply(setCustomizations, this, [customizations]);
  });
  if (filesAreRestricted()) {
    replace(loader, 'resolve', function (this: Loader, specifier, parentURL, attributes) {
      const resolved = ReflectApply(resolve, this, [specifier, parentURL, attributes]);
      if (resolved.url !== undefined) note(resolved.url, parentURL);
      return resolved;
    });
  }
  const formats = [...translators.keys()];
  for (const format of formats) {
    const translate = translators.get(format);
    if (translate !== undefined && !hasNoSource(format)) {
      translators.set(format, checked(format, translate));
    }
  }
  return formats.includes('module') && formats.includes('require-commonjs');
}
