/** What every application goes through, and the commands of mayexec for it. */
import { execFileSync, spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';

export const STEPS = [
  'audit',
  'warn',
  'report',
  'manifest',
  'verify',
  'seal',
  'run --lock',
  'upgrade',
  'roll back',
] as const;

/** A step that was gone, and what the table says of it. */
export type Step = readonly [name: (typeof STEPS)[number], said: string];

/** What the applications are installed and run with. */
export interface Tools {
  readonly checkout: string;
  readonly node: string;
  /** Has the package managers in its node_modules. */
  readonly folder: string;
}

export const commandOf = ({ node, checkout }: Tools): string[] => [
  node,
  join(checkout, 'dist/cli.cjs'),
];

/** Runs mayexec and returns its output. Throws when its status is another than expected. */
export function mayexec(tools: Tools, words: readonly string[], expected?: number): string {
  const [node = '', command = ''] = commandOf(tools);
  const { status, stdout, stderr } = spawnSync(node, [command, ...words], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (expected !== undefined && status !== expected) {
    throw new Error(`mayexec ${words.join(' ')}: status ${String(status)}\n${stdout}${stderr}`);
  }
  return stdout;
}

/** Copies a release to a host, as some programs do: without the modes. */
export function deploy(release: string, host: string): void {
  rmSync(host, { recursive: true, force: true });
  execFileSync('cp', ['--recursive', '--no-dereference', '--no-preserve=mode', release, host]);
}

/** Throws when a copy differs in more than the x bits that it lost. */
export function compare(tools: Tools, copy: string, manifest: string): void {
  const text = mayexec(tools, ['verify', copy, '--manifest', manifest, '--json']);
  const found = JSON.parse(text) as {
    different: { difference: string }[];
    missing: unknown[];
    new: unknown[];
  };
  const isSame = found.different.every(({ difference }) => difference === 'mode');
  if (!isSame || found.missing.length > 0 || found.new.length > 0) throw new Error(text);
}
