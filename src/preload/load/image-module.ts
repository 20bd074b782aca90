import { pathOfFileUrl } from '../lib/file-url.js';
import { internals } from '../lib/internals.js';
import { isBefore } from '../lib/node-version.js';
import {
  ObjectDefineProperty,
  ReflectApply,
  StringPrototypeStartsWith,
} from '../lib/primordials.js';
import { plainProperty } from '../lib/plain-property.js';
import { isObserved } from './image-compile.js';
import { noteRejected, takeModuleBytecode } from './approved-bytecode.js';

/*
 * ES modules with approved bytecode. Node's loader asks for the function that compiles a module each
 * time. It is replaced by one that gives bytecode to V8, where a text has some.
 */

interface ModuleWrap {
  isMain?: boolean;
}
/** The options that a module of a program has in Node. */
interface Context {
  readonly isMain?: boolean;
}
type Compile = (url: string, source: string, kind: unknown, context?: Context) => ModuleWrap;
type Import = (
  specifier: string,
  referrer: unknown,
  attributes: unknown,
  phase?: unknown,
) => unknown;

interface Utils {
  readonly compileSourceTextModule: Compile;
  readonly registerModule: (
    module: ModuleWrap,
    registry: { readonly importModuleDynamically: Import },
  ) => void;
}
interface Loader {
  readonly import: (url: string, parent: string, attributes: unknown, phase?: unknown) => unknown;
}
interface Binding {
  readonly ModuleWrap: new (
    url: string,
    context: undefined,
    source: string,
    line: number,
    column: number,
    bytecode: Uint8Array,
  ) => ModuleWrap;
}
interface OfUtil {
  readonly privateSymbols: { readonly host_defined_option_symbol: symbol };
}
/** Node's names for what a program's modules import, and what their import.meta is. */
interface OfSymbols {
  readonly source_text_module_default_hdo: symbol;
}

/** Only a policy gives the ESM loader text. Without one it gets bytes, and compiles them itself. */
export function installImageModules(): void {
  const inside = internals();
  if (inside === undefined) return;
  const utils = inside.load<Utils>('internal/modules/esm/utils');
  const { compileSourceTextModule: original, registerModule } = utils;
  const { getOrInitializeCascadedLoader } = inside.load<{
    getOrInitializeCascadedLoader: () => Loader;
  }>('internal/modules/esm/loader');
  const { ModuleWrap } = inside.binding<Binding>('module_wrap');
  const { host_defined_option_symbol: idOf } = inside.binding<OfUtil>('util').privateSymbols;
  const usual = inside.binding<OfSymbols>('symbols').source_text_module_default_hdo;
  const hasPhases = !isBefore(24, 0);

  /** With bytecode V8 gives each module an id of its own, by which Node finds its import(). */
  const compile = (url: string, source: string, bytecode: Uint8Array): ModuleWrap => {
    const module = new ModuleWrap(url, undefined, source, 0, 0, bytecode);
    registerModule(module, {
      __proto__: null,
      importModuleDynamically(specifier: string, _module: unknown, attributes, phase) {
        const loader = getOrInitializeCascadedLoader();
        return hasPhases
          ? loader.import(specifier, url, attributes, phase)
          : loader.import(specifier, url, attributes);
      },
    } as { importModuleDynamically: Import });
    // For import.meta Node asks the module itself.
    (module as Record<symbol, unknown>)[idOf] = usual;
    return module;
  };

  const replacement: Compile = (url, source, kind, context) => {
    const isFile = !isObserved() && StringPrototypeStartsWith(url, 'file:///');
    const found = isFile ? takeModuleBytecode(pathOfFileUrl(url), source) : undefined;
    if (found !== undefined) {
      try {
        const module = compile(url, source, found);
        if (context?.isMain === true) module.isMain = true;
        return module;
      } catch {
        noteRejected();
      }
    }
    return ReflectApply(original, undefined, [url, source, kind, context]);
  };
  ObjectDefineProperty(utils, 'compileSourceTextModule', plainProperty(replacement));
}
