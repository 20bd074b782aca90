import { dirname as directoryOf } from 'node:path';
import { Script } from 'node:vm';

import { scriptOf, silenceLoader } from '../../image/bytecode.js';
import { anythingIsEnforced } from '../../policy.js';
import { builtin } from '../lib/builtins.js';
import { internals } from '../lib/internals.js';
import { isPlainWrapper } from '../lib/module-wrapper.js';
import { ObjectDefineProperty, ObjectHasOwn, ReflectApply } from '../lib/primordials.js';
import { methodOf, replace } from '../lib/replace.js';
import { undisturbed } from '../lib/undisturbed.js';
import { plainProperty } from '../lib/plain-property.js';
import { noteRejected, takeBytecode } from './approved-bytecode.js';
import { moduleExports } from './node-module.js';

/*
 * Node's loader accepts a source from a hook, but no bytecode. So this file compiles the modules that
 * have some. Node does all earlier steps and calls all hooks.
 */

type Method = (this: unknown, ...args: unknown[]) => unknown;
type Callable = (...args: unknown[]) => unknown;

interface CommonJsModule {
  readonly id: unknown;
  readonly exports: unknown;
  require(id: unknown): unknown;
}

interface Require {
  readonly resolve: Callable & { readonly paths: Callable };
}

const dirname = directoryOf;
const node = process as unknown as {
  readonly mainModule?: unknown;
  readonly sourceMapsEnabled?: boolean;
};

/** Taken before a program can replace it. */
// eslint-disable-next-line @typescript-eslint/unbound-method -- it is given its `this`
const { runInThisContext } = Script.prototype;

/** Compiles a function from the bytecode, or from the source if the bytecode does not fit. */
function compile(wrapped: string, filename: string, cachedData: Uint8Array): Callable {
  const script = scriptOf(wrapped, filename, cachedData);
  if (script.cachedDataRejected === true) noteRejected();
  return ReflectApply(runInThisContext, script, []) as Callable;
}

/**
 * A `require` for a module, like Node's. Its `resolve` becomes Node's own at the first call,
 * because Node gives `resolve` only to a module that it compiles itself.
 */
function requireOf(module: CommonJsModule, filename: string, original: Method): Callable {
  let own: Require | undefined;
  const nodeOwn = (): Require =>
    (own ??= ReflectApply(original, module, ['return require', filename, 'commonjs']) as Require);
  function require(path: unknown): unknown {
    return module.require(path);
  }
  function resolve(request: unknown, options: unknown): unknown {
    return nodeOwn().resolve(request, options);
  }
  function paths(request: unknown): unknown {
    return nodeOwn().resolve.paths(request);
  }
  // As Node does, which defines one of them and assigns the others.
  resolve.paths = paths;
  require.resolve = resolve;
  ObjectDefineProperty(require, 'main', plainProperty(node.mainModule));
  require.extensions = moduleExports._extensions;
  require.cache = moduleExports._cache;
  return require;
}

/** Whether Node must compile the text itself, for source maps or coverage. */
export const isObserved = (): boolean => node.sourceMapsEnabled === true || coverage;
let coverage = false;

interface NodesUtil {
  readonly emitExperimentalWarning: (feature: string) => void;
}

/** Node warns once. To make it do so by an import starts its ESM loader, which takes a millisecond. */
function silence(): void {
  const util = anythingIsEnforced() ? internals()?.load<NodesUtil>('internal/util') : undefined;
  if (util === undefined) {
    silenceLoader();
    return;
  }
  undisturbed(
    process,
    'emitWarning',
    () => undefined,
    () => {
      util.emitExperimentalWarning('vm.USE_MAIN_CONTEXT_DEFAULT_LOADER');
    },
  );
}

/** Makes Module#_compile use the bytecode of a text that has some. */
export function installImageCompile(): void {
  coverage = ObjectHasOwn(process.env, 'NODE_V8_COVERAGE');
  silence();
  const { prototype } = builtin<{ prototype: { _compile: Method } }>('node:module');
  replace<Method>(prototype, '_compile', (original) =>
    methodOf<Method>({
      method(...args) {
        const filename = args[1];
        const format = args[2];
        const own = takeBytecode(filename, args[0]);
        const module = this as CommonJsModule;
        const isPlain = format === undefined || format === 'commonjs';
        // Node does more for the entry point than for other modules, so leave that to Node.
        if (
          own === undefined ||
          !isPlain ||
          module.id === '.' ||
          isObserved() ||
          !isPlainWrapper()
        ) {
          return ReflectApply(original, this, args);
        }
        const path = filename as string;
        const run = compile(own.wrapped, path, own.bytecode);
        const require = requireOf(module, path, original);
        const { exports } = module;
        return ReflectApply(run, exports, [exports, require, module, path, dirname(path)]);
      },
    }),
  );
}
