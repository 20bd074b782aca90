import { preload } from '../support/built.js';
import type { Gate } from '../../src/preload/guard/gates.js';
import { WITHOUT_EVAL } from '../../src/preload/inherit/preload-option.js';
import type { Outcome, PolicyHost } from './policy-host.js';
import { nodeBinary, type Major } from './versions.js';

export interface StrictRun {
  major: Major;
  args: string[];
  cwd: string;
  /** The gates that are left open. */
  allow?: readonly Gate[];
}

/** Runs a program under --strict, with options of Node that the launcher may refuse. */
export async function runStrict(
  host: PolicyHost,
  { major, args, cwd, allow = [] }: StrictRun,
): Promise<Outcome> {
  const withoutEval = allow.includes('eval') ? '' : WITHOUT_EVAL;
  return host.run({
    file: nodeBinary(major),
    args,
    cwd,
    env: {
      NODE_OPTIONS: `--require=${preload} ${withoutEval}`,
      MAYEXEC_STRICT: '1',
      MAYEXEC_STRICT_ALLOW: allow.join(','),
    },
  });
}
