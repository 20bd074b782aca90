/** The ways in which other people's tests are started with the preload. */
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * How the preload comes in: as an option, in NODE_OPTIONS, as an option with a log, or by the
 * launcher with a log.
 */
export const WAYS = ['cli', 'node-options', 'log', 'run'] as const;
export type Way = (typeof WAYS)[number];

export interface Start {
  /** The words before Node. */
  readonly launcher: readonly string[];
  readonly options: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

const project = fileURLToPath(new URL('../..', import.meta.url));

const PARTS = ['package.json', 'dist', 'build/Release/mayexec.node', 'build/Release/mayexec-run'];

/**
 * A copy of the built package that a later build does not change. It lies in node_modules because
 * reports of a program's files leave that folder out.
 */
export function copyPackage(folder: string): string {
  const to = join(folder, 'node_modules/mayexec');
  for (const part of PARTS) {
    cpSync(join(project, part), join(to, part), { recursive: true });
  }
  return to;
}

export const plainly: Start = { launcher: [], options: [], env: {} };

/** How Node is started with a copy of the package that copyPackage has made. */
export function startBy(way: Way, home: string): Start {
  const preload = join(home, 'dist/register.cjs');
  const log = join(home, 'log');
  switch (way) {
    case 'cli':
      return { ...plainly, options: ['--require', preload] };
    case 'node-options':
      return { ...plainly, env: { NODE_OPTIONS: `--require=${preload}` } };
    case 'log':
      return { ...plainly, options: ['--require', preload], env: { MAYEXEC_AUDIT_LOG: log } };
    case 'run': {
      const launcher = join(home, 'build/Release/mayexec-run');
      return { ...plainly, launcher: [launcher, '--audit', '--audit-log', log, '--'] };
    }
  }
}
