import { subscribe } from 'node:diagnostics_channel';

import { whenAsked } from './builtins.js';
import { givenOptions } from '../inherit/given-options.js';
import { isMainThread } from '../../main-thread.js';

/*
 * While a check runs on a thread that shares its fs_struct, every pthread_create of the
 * process fails (native/exec_check.h). So the addon makes checks on a thread of its own.
 * The hand-over costs more than the check. If no other thread could start one, the
 * program's JavaScript thread makes the check itself: it cannot do both at once.
 */

/** Bun, Deno and programs that embed Node have threads that they started themselves. */
const OTHERS = ['bun', 'deno', 'electron', 'nw'];

function startsAlone(): boolean {
  if (!isMainThread) return false;
  for (let i = 0; i < OTHERS.length; i++) {
    if (process.versions[OTHERS[i] as string] !== undefined) return false;
  }
  return givenOptions.every(
    ({ row }) =>
      (row?.effect === 'harmless' || row?.effect === 'loads-checked') && row.threads !== true,
  );
}

let alone = false;

/** Whether no thread but this one could start a thread now. */
export function isAlone(): boolean {
  return alone;
}

/** Call this before loading code that may start threads itself: an addon or a library. */
export function isAloneNoMore(): void {
  alone = false;
}

/** Call this before the program runs. Until then no thread counts as the only one. */
export function watchThreads(): void {
  alone = startsAlone();
  if (!alone) return;
  // Node publishes this within the constructor, before the Worker can do anything.
  subscribe('worker_threads', isAloneNoMore);
  whenAsked(['node:inspector', 'node:inspector/promises', 'node:trace_events'], isAloneNoMore);
}
