import type { Gate } from '../../src/preload/guard/gates.js';
import { launcher } from '../launch/launcher.js';
import type { Outcome, PolicyHost } from './policy-host.js';
import { nodeBinary, type Major } from './versions.js';

export interface StrictRun {
  major: Major;
  args: string[];
  cwd: string;
  /** The gates that are left open. */
  allow?: readonly Gate[];
}

/** Runs a program as `mayexec run --strict` does. */
export async function runStrict(
  host: PolicyHost,
  { major, args, cwd, allow = [] }: StrictRun,
): Promise<Outcome> {
  const gates = allow.flatMap((gate) => ['--allow', gate]);
  return host.run({
    file: launcher,
    args: ['--strict', ...gates, '--', nodeBinary(major), ...args],
    cwd,
  });
}
