import type { Securebits } from '../../src/securebits.js';
import type { Kind } from './ways-in.js';

const restricted = { restrictFile: true };
const denied = { denyInteractive: true };
/** The kernel's four cases: Documentation/userspace-api/check_exec.rst. */
export const policies = {
  'nothing set': {},
  'restrict file': restricted,
  'deny interactive': denied,
  both: { ...restricted, ...denied },
} satisfies Record<string, Partial<Securebits>>;
export type Policy = keyof typeof policies;

export const refusedBy: Record<Kind, readonly Policy[]> = {
  file: ['restrict file', 'both'],
  interactive: ['deny interactive', 'both'],
  either: ['restrict file', 'deny interactive', 'both'],
};
