import { subscribe } from 'node:diagnostics_channel';

import { whenAsked } from './builtins.js';
import { givenOptions } from '../inherit/given-options.js';
import { isMainThread } from './main-thread.js';

/*
 * A check made on a thread that shares its fs_struct makes every pthread_create
 * of the process fail meanwhile (native/exec_check.h), so the addon makes checks
 * on a thread of its own. The hand-over costs more than the check. While the
 * program's JavaScript thread is the only one that could start another, it makes
 * the check itself: it cannot do both at once.
 */

/** Bun and Deno have threads of their own making, and so has whatever embeds Node. */
const OTHERS = ['bun', 'deno', 'electron', 'nw'];

function startsAlone(): boolean {
  if (!isMainThread) return false;
  for (const other of OTHERS) if (process.versions[other] !== undefined) return false;
  return givenOptions.every(
    ({ row }) =>
      (row?.effect === 'harmless' || row?.effect === 'loads-checked') && row.threads !== true,
  );
}

let alone = startsAlone();

/** Whether no thread but this one could start a thread now. */
export function isAlone(): boolean {
  return alone;
}

/** To be called before code is loaded that may start threads by itself: an addon, a library. */
export function isAloneNoMore(): void {
  alone = false;
}

if (alone) {
  // Published within the constructor, so by the time that a Worker can do anything.
  subscribe('worker_threads', isAloneNoMore);
  whenAsked(['node:inspector', 'node:inspector/promises', 'node:trace_events'], isAloneNoMore);
}
