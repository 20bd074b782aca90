import type { Gate } from '../../src/preload/guard/gates.js';
import { planLaunch } from '../../src/launch/launch.js';
import type { Outcome, PolicyHost } from './policy-host.js';
import { nodeBinary, preload, type Major } from './versions.js';

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
  const file = nodeBinary(major);
  const { env } = planLaunch({ command: [file], env: {}, strict: true, allow });
  // What the preload's copy in src/ names is not built.
  const nodeOptions = env['NODE_OPTIONS']?.replace(/--require=\S+/, `--require=${preload}`) ?? '';
  return host.run({ file, args, cwd, env: { ...env, NODE_OPTIONS: nodeOptions } });
}
