import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import type { Sandbox } from './sandbox.js';

/** What lab/refuse.c can answer. */
export type Answer =
  'ENOSYS' | 'EPERM' | 'EACCES' | 'EAGAIN' | 'EINTR' | 'EINVAL' | 'EMFILE' | 'ENOMEM' | 'KILL';

/** Builds lab/refuse.c; the launcher of a child for which these system calls are refused. */
export function refusing(box: Sandbox, errno: Answer, ...syscalls: string[]): readonly string[] {
  const source = fileURLToPath(new URL('../../lab/refuse.c', import.meta.url));
  const program = box.path('refuse');
  execFileSync('cc', ['-std=c11', '-O1', '-o', program, source]);
  return [program, '--errno', errno, '--syscall', syscalls.join(','), '--'];
}
