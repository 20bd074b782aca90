import { publish } from '../../audit.js';
import { copyOfWords } from '../lib/arrays.js';
import { embedded } from '../../executable/embedded.js';

/** The ways to start a program. The asynchronous functions of node:child_process all use spawn. */
export type ChildOperation = 'spawn' | 'spawnSync' | 'execve';

interface Start {
  readonly file: string;
  readonly argv: readonly string[];
  readonly cwd: string | undefined;
  /** Whether it is given the preload, where it needs one. */
  readonly preload: boolean;
}

function tell(
  operation: ChildOperation,
  { file, argv, cwd, preload }: Start,
  denied: boolean,
): void {
  publish(() => ({
    operation,
    origin: 'child-process',
    // This is the answer of the policy. The kernel was not asked about the program.
    verdict: {
      allowed: !denied,
      binding: denied,
      mechanism: 'none',
      ...(denied ? { errno: 'EACCES' } : {}),
    },
    denied,
    wouldDeny: denied,
    child: {
      file,
      // A copy: a subscriber may change it, but not the program's arguments.
      argv: copyOfWords(argv),
      ...(cwd === undefined ? {} : { cwd }),
      preload: preload && embedded === undefined,
    },
  }));
}

/**
 * Publishes that a program is about to be started, or that `check` refuses it. A refusal, also one
 * that is only audited, has its own record before this one.
 */
export function tellOfChild<T>(operation: ChildOperation, start: Start, check: () => T): T {
  let checked;
  try {
    checked = check();
  } catch (error) {
    tell(operation, start, true);
    throw error;
  }
  tell(operation, start, false);
  return checked;
}
