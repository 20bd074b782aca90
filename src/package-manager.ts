import { existsSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';

/** The words before the name of an installed package's command. */
const RUN: Readonly<Record<string, string>> = {
  npm: 'npx ',
  pnpm: 'pnpm exec ',
  yarn: 'yarn ',
  bun: 'bunx ',
  deno: 'deno run -A npm:',
};

const LOCKFILES: readonly (readonly [file: string, name: string])[] = [
  ['pnpm-lock.yaml', 'pnpm'],
  ['yarn.lock', 'yarn'],
  ['bun.lock', 'bun'],
  ['bun.lockb', 'bun'],
  ['deno.lock', 'deno'],
];

/**
 * The package manager that started this process, or else the one whose lockfile is above the
 * program.
 */
function packageManager(): string {
  const agent = process.env['npm_config_user_agent']?.split('/')[0];
  if (agent !== undefined && Object.hasOwn(RUN, agent)) return agent;
  let folder = dirname(process.argv[1] ?? sep);
  for (;;) {
    for (const [file, name] of LOCKFILES) if (existsSync(join(folder, file))) return name;
    const above = dirname(folder);
    if (above === folder) return 'npm';
    folder = above;
  }
}

/** The line that a user types to run a command of an installed package. */
export function runCommand(command: string): string {
  let manager = 'npm';
  try {
    manager = packageManager();
  } catch {
    // The runtime may not read its environment or files.
  }
  return `${RUN[manager] ?? ''}${command}`;
}
