import { anythingIsEnforced } from '../../policy.js';
import { callerOf } from '../lib/caller.js';
import { ObjectHasOwn, ReflectApply } from '../lib/primordials.js';
import { methodOf, replace } from '../lib/replace.js';
import { decideUnchecked } from '../refused.js';

/*
 * A session of node:inspector debugs the program that made it. By most methods a program gets any
 * function, also those that the preload has replaced, or stops between a check and the use of the
 * checked file. Profilers, coverage and reports of errors do with the methods below.
 */

type Post = (this: unknown, ...args: unknown[]) => unknown;

const harmless = (): readonly string[] => [
  'Console.clearMessages',
  'Console.disable',
  'Console.enable',
  'Debugger.disable',
  'Debugger.enable',
  'Debugger.getScriptSource',
  'Debugger.resume',
  'Debugger.setAsyncCallStackDepth',
  'Debugger.setBlackboxPatterns',
  'Debugger.setPauseOnExceptions',
  'Debugger.setSkipAllPauses',
  'HeapProfiler.collectGarbage',
  'HeapProfiler.disable',
  'HeapProfiler.enable',
  'HeapProfiler.getHeapObjectId',
  'HeapProfiler.getSamplingProfile',
  'HeapProfiler.startSampling',
  'HeapProfiler.startTrackingHeapObjects',
  'HeapProfiler.stopSampling',
  'HeapProfiler.stopTrackingHeapObjects',
  'HeapProfiler.takeHeapSnapshot',
  'Network.disable',
  'Network.enable',
  'NodeRuntime.disable',
  'NodeRuntime.enable',
  'NodeRuntime.notifyWhenWaitingForDisconnect',
  'NodeTracing.getCategories',
  'NodeTracing.start',
  'NodeTracing.stop',
  'NodeWorker.detach',
  'NodeWorker.disable',
  'NodeWorker.enable',
  'Profiler.disable',
  'Profiler.enable',
  'Profiler.getBestEffortCoverage',
  'Profiler.setSamplingInterval',
  'Profiler.start',
  'Profiler.startPreciseCoverage',
  'Profiler.stop',
  'Profiler.stopPreciseCoverage',
  'Profiler.takePreciseCoverage',
  'Runtime.disable',
  'Runtime.discardConsoleEntries',
  'Runtime.enable',
  'Runtime.getHeapUsage',
  'Runtime.getIsolateId',
  'Runtime.getProperties',
  'Runtime.globalLexicalScopeNames',
  'Runtime.releaseObject',
  'Runtime.releaseObjectGroup',
  'Runtime.runIfWaitingForDebugger',
  'Runtime.setAsyncCallStackDepth',
  'Schema.getDomains',
];

/** Node's REPL shows a preview of a line by a session of its own. */
const OF_REPL = 'node:internal/util/inspector';

const ObjectPrototype = Object.prototype;

/** By these a program could change the request while Node writes it down. */
const couldChange = (): boolean =>
  ObjectHasOwn(ObjectPrototype, 'toJSON') || ObjectHasOwn(ObjectPrototype, 'params');

function isHarmless(method: string): boolean {
  const list = harmless();
  for (let i = 0; i < list.length; i++) if (list[i] === method) return true;
  return false;
}

const told = { __proto__: null } as unknown as Record<string, true>;

function decideMethod(method: string): void {
  const denied = anythingIsEnforced();
  // A debugger steps through a program with a thousand requests.
  if (!denied && ObjectHasOwn(told, method)) return;
  told[method] = true;
  decideUnchecked(
    'load',
    'inspector',
    denied,
    `a session of the inspector asks for ${method}, by which a program can reach what mayexec has replaced. Profiles, coverage and heap snapshots need no such method`,
  );
}

/** Refuses what is not known to be harmless to the sessions of a class. */
export function guardSessions(prototype: object): void {
  replace<Post>(prototype, 'post', (post) => {
    const guarded = methodOf<Post>({
      method(...args) {
        const method = args[0];
        // Node reports that a method is no string.
        if (typeof method === 'string') {
          const isKnown = isHarmless(method) || callerOf(guarded) === OF_REPL;
          if (!isKnown || couldChange()) decideMethod(method);
        }
        return ReflectApply(post, this, args);
      },
    });
    return guarded;
  });
}
