import type { ChildProcess } from 'node:child_process';

import { append } from '../lib/append.js';
import { copyOfWords } from '../lib/arrays.js';
import { builtin } from '../lib/builtins.js';
import { isInherited, isEnforcedOrAudited } from '../enforcement.js';
import { anythingIsEnforced, interactiveIsDenied } from '../../policy.js';
import { internals } from '../lib/internals.js';
import { processBinding } from '../lib/process-binding.js';
import {
  ArrayIsArray,
  ObjectGetPrototypeOf,
  ReflectApply,
  StringOf,
  StringPrototypeIndexOf,
  StringPrototypeSlice,
} from '../lib/primordials.js';
import { methodOf, replace } from '../lib/replace.js';
import { decideUnchecked } from '../refused.js';
import { tellOfChild, type ChildOperation } from './child-record.js';
import { cString } from './c-string.js';
import { checkStartOf } from './child-words.js';
import { isOldNode } from './node-file.js';
import { newPlace } from './program-file.js';
import {
  ownEnvironment,
  preloadedEnvironment,
  type Environment,
  type Reader,
} from './child-environment.js';

type Call = (this: unknown, ...args: unknown[]) => unknown;
/** Node's C++ side. Before Node 24 it takes one object, with the property envPairs. */
interface Spawner {
  spawn: Call;
}
/** The positions of these arguments since Node 24. */
const FILE = 0;
const ARGS = 1;
const CWD = 2;
const ENV_PAIRS = 3;
const STREAMS = 4;

export const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null;

/** A copy without a prototype, because Node would take unset options from a prototype. */
export function copyOf(options: object): Record<string, unknown> {
  const own = { __proto__: null } as Record<string, unknown>;
  for (const name in options) own[name] = (options as Record<string, unknown>)[name];
  return own;
}

/**
 * A copy of a child's `stdio`. Node's C++ side reads it after the command was checked. An accessor
 * in it could swap the command's file meanwhile.
 */
function copyOfStreams(given: unknown): unknown {
  if (!ArrayIsArray(given)) return given;
  const streams: unknown[] = [];
  const { length } = given;
  for (let i = 0; i < length; i++) {
    const stream: unknown = given[i];
    append(streams, isObject(stream) ? copyOf(stream) : stream);
  }
  return streams;
}

/** The words of an argv that Node reads as options. */
export function withoutName(argv: readonly string[] | undefined): string[] {
  const words: string[] = [];
  for (let i = 1; i < (argv?.length ?? 0); i++) append(words, argv?.[i] as string);
  return words;
}

type ReaderWith = (path: string | undefined) => Reader;

/** A Node that is too old for an option would not start. */
export function readerOf({ file, cwd }: { file: string; cwd: string | undefined }): ReaderWith {
  return (path) => {
    const isOld = (): boolean => isOldNode(cString(file), newPlace(cString(cwd), cString(path)));
    return interactiveIsDenied() && isOld() ? 'old-node' : 'process';
  };
}

function environmentOf(
  pairs: unknown,
  words: readonly string[],
  readerWith: ReaderWith,
): Environment {
  if (!ArrayIsArray(pairs)) return preloadedEnvironment(ownEnvironment, words, readerWith);
  const environment = { __proto__: null } as unknown as Record<string, string>;
  const given = copyOfWords(pairs);
  for (let i = 0; i < given.length; i++) {
    const pair = given[i] as string;
    const equals = StringPrototypeIndexOf(pair, '=', 1);
    if (equals > 0)
      environment[StringPrototypeSlice(pair, 0, equals)] = StringPrototypeSlice(pair, equals + 1);
  }
  return preloadedEnvironment(environment, words, readerWith);
}

function pairsOf(environment: Environment): string[] {
  const pairs: string[] = [];
  for (const name in environment) {
    const value = environment[name];
    if (value !== undefined) append(pairs, `${name}=${value}`);
  }
  return pairs;
}

interface Request {
  file: unknown;
  args: unknown;
  cwd: unknown;
  envPairs: unknown;
  stdio: unknown;
}

/**
 * Checks again, because a subscriber may have swapped the command's file while the record was
 * published.
 */
export function checkAgain(start: Parameters<typeof checkStartOf>[0]): void {
  if (anythingIsEnforced()) checkStartOf(start);
}

/**
 * A copy of a request, since the original could give another answer at the second read. It has the
 * preload. Publishes the start of the child. Throws ExecDeniedError.
 */
function preloaded(
  operation: ChildOperation,
  { file, args, cwd, envPairs, stdio }: Request,
): Request {
  const words = ArrayIsArray(args) ? copyOfWords(args) : undefined;
  const own = {
    file: StringOf(file),
    args: words ?? args,
    cwd: cwd === undefined || cwd === null ? cwd : StringOf(cwd),
    envPairs,
    stdio,
  };
  const start = {
    file: own.file,
    argv: words ?? [],
    cwd: own.cwd ?? undefined,
    preload: true,
    streams: stdio,
  };
  let environment = ownEnvironment;
  tellOfChild(operation, start, () => {
    environment = environmentOf(envPairs, withoutName(words), readerOf(start));
    own.envPairs = pairsOf(environment);
    if (words !== undefined) checkStartOf({ ...start, environment });
  });
  if (words !== undefined) checkAgain({ ...start, environment });
  return own;
}

/** Adds the preload to every program that Node's C++ side is asked to start. */
function guardSpawner(operation: ChildOperation, owner: Spawner): void {
  const preloading = (spawn: Call): Call =>
    methodOf({
      method(...request) {
        if (isInherited()) {
          const first = request[FILE];
          if (isObject(first)) {
            const own = copyOf(first);
            own['stdio'] = copyOfStreams(own['stdio']);
            const { file, args, cwd, envPairs } = preloaded(operation, own as unknown as Request);
            own['file'] = file;
            own['args'] = args;
            own['cwd'] = cwd;
            own['envPairs'] = envPairs;
            request[FILE] = own;
          } else {
            request[STREAMS] = copyOfStreams(request[STREAMS]);
            const own = preloaded(operation, {
              file: first,
              args: request[ARGS],
              cwd: request[CWD],
              envPairs: request[ENV_PAIRS],
              stdio: request[STREAMS],
            });
            request[FILE] = own.file;
            request[ARGS] = own.args;
            request[CWD] = own.cwd;
            request[ENV_PAIRS] = own.envPairs;
          }
        }
        return ReflectApply(spawn, this, request);
      },
    });
  replace(owner, 'spawn', preloading);
}

/**
 * The C++ function behind spawnSync, execFileSync and execSync. Under --permission Node does not
 * give it to anyone.
 */
const syncSpawner = (): Spawner | undefined => processBinding('spawn_sync');

interface Exports extends Record<Sync, unknown> {
  readonly ChildProcess: new () => ChildProcess & { readonly _handle: Spawner };
}

/**
 * The same behind the other functions: the prototype of a class. An object of that class could not
 * be made here unseen: hooks of node:async_hooks and setters on Object.prototype get it, and through
 * it the function that is not replaced yet.
 */
function asyncSpawner({ ChildProcess: Child }: Exports): Spawner {
  const inside = isEnforcedOrAudited() ? internals() : undefined;
  return (
    inside?.binding<{ readonly Process: { readonly prototype: Spawner } }>('process_wrap').Process
      .prototype ?? (ObjectGetPrototypeOf(new Child()._handle) as Spawner)
  );
}

const SYNC = ['spawnSync', 'execFileSync', 'execSync'] as const;
type Sync = (typeof SYNC)[number];

function refuseSync(exports: Record<Sync, unknown>, name: Sync): void {
  const guarded = (original: Call): Call =>
    methodOf({
      method(...args) {
        const file = args[0];
        const given = typeof file === 'string' ? file : '';
        const start = { file: given, argv: [], cwd: undefined, preload: false };
        tellOfChild('spawnSync', start, () => {
          decideUnchecked(
            'start',
            'start',
            anythingIsEnforced(),
            `${name} cannot be given the preload under --permission. Use its asynchronous form`,
          );
        });
        return ReflectApply(original, this, args);
      },
    });
  replace(exports, name, guarded);
}

/**
 * Puts the preload into the NODE_OPTIONS of every child process, whatever environment the
 * program gives it. A child inherits the securebits, but only a Node with the preload obeys
 * them.
 */
export function installChildren(): void {
  const exports = builtin<Exports>('node:child_process');
  // spawn, fork, exec, execFile and cluster all use this class, and a program can reach it too.
  guardSpawner('spawn', asyncSpawner(exports));
  const spawner = syncSpawner();
  if (spawner !== undefined) guardSpawner('spawnSync', spawner);
  else for (let i = 0; i < SYNC.length; i++) refuseSync(exports, SYNC[i] as Sync);
}
