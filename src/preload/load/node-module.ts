import { builtin } from '../lib/builtins.js';

/*
 * module.registerHooks as Node documents it, since 22.15 and 23.5. It is missing from the types of
 * Node 20, which this package is built with.
 */

export interface ResolveContext {
  readonly parentURL: string | undefined;
  readonly conditions?: readonly string[];
}

export type ResolveHook = (
  specifier: string,
  context: ResolveContext,
  nextResolve: (specifier: string, context?: ResolveContext) => Resolved,
) => Resolved;

export interface Resolved {
  url: string;
  format?: string;
  shortCircuit?: boolean;
}

export interface LoadContext {
  readonly format?: string | null | undefined;
  /** The CommonJS loader passes none. */
  readonly importAttributes?: Readonly<Record<string, string>> | undefined;
  readonly conditions?: readonly string[];
  readonly source?: Source;
}

export type Source = string | ArrayBuffer | ArrayBufferView | null | undefined;

export interface LoadResult {
  format?: string | null | undefined;
  source?: Source;
  shortCircuit?: boolean;
  responseURL?: string;
  /** Only Node 22: loads CommonJS with Node's own source by Module._load, past the hooks. */
  shouldBeReloadedByCJSLoader?: boolean | undefined;
}

export type LoadHook = (
  url: string,
  context: LoadContext,
  nextLoad: (url: string, context?: LoadContext) => LoadResult,
) => LoadResult;

export interface Hooks {
  resolve?: ResolveHook | undefined;
  load?: LoadHook | undefined;
}

export interface RegisteredHooks {
  deregister: (this: RegisteredHooks) => void;
}

/** A module that require() has loaded, or is loading. */
interface CachedModule {
  /** The module that required it first. */
  readonly parent?: { readonly filename?: string | null } | null;
}

/** The exports of node:module that the preload replaces or reads. */
export interface ModuleExports {
  registerHooks?: (hooks: Hooks) => RegisteredHooks;
  register?: (...args: unknown[]) => unknown;
  enableCompileCache?: (...args: unknown[]) => unknown;
  getCompileCacheDir?: () => string | undefined;
  /** The object that programs know as require.cache. */
  readonly _cache: Record<string, CachedModule | undefined>;
  readonly _extensions: { readonly '.json': (module: object, filename: string) => void };
  /** The file that Node finds for a path as the main program. */
  _findPath: (path: string, paths: null, isMain: true) => string | false;
  constants?: { compileCacheStatus?: { DISABLED: number } };
}

export const moduleExports = builtin<ModuleExports>('node:module');
