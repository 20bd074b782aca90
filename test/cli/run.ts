import { spawn, spawnSync, type SpawnSyncOptions } from 'node:child_process';
import { chmodSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { afterAll, vi } from 'vitest';

import { command } from '../support/built.js';
import type { Findings } from '../../src/cli/report/findings.js';
import { main } from '../../src/cli/program.js';
import type { Scan as TreeScan } from '../../src/cli/scan/tree.js';
import { output } from '../../src/cli/terminal.js';

/** What `mayexec scan --json` prints. */
export type Scan = Findings & Omit<TreeScan, 'refused'>;

export interface Result {
  status: number | null;
  stdout: string;
  stderr: string;
}

/** Runs the built command in a process of its own, without a terminal. */
export function spawned(args: string[], options: SpawnSyncOptions = {}): Result {
  const { status, stdout, stderr } = spawnSync(process.execPath, [command, ...args], {
    maxBuffer: 1 << 28,
    ...options,
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

/** Runs the command in this process, which is ten times faster. */
export async function mayexec(args: string[]): Promise<Result> {
  const result = { stdout: '', stderr: '' };
  const spy = vi.spyOn(output, 'write').mockImplementation((fd, text) => {
    result[fd === 1 ? 'stdout' : 'stderr'] += text;
  });
  try {
    return { status: await main(args), ...result };
  } finally {
    spy.mockRestore();
  }
}

/** The same on a terminal of its own, made by script(1); both outputs together. */
export function onTerminal(args: string[], env: NodeJS.ProcessEnv = {}): Promise<string> {
  return nodeOnTerminal([command, ...args], env);
}

/** Runs Node on a pseudo-terminal of 80 columns, and resolves to what it wrote. */
export function nodeOnTerminal(args: string[], env: NodeJS.ProcessEnv = {}): Promise<string> {
  const words = [process.execPath, ...args].map((word) => `'${word}'`).join(' ');
  const command = `stty columns 80; exec ${words}`;
  const inherited = { ...process.env };
  for (const name of ['FORCE_COLOR', 'NO_COLOR', 'CI']) Reflect.deleteProperty(inherited, name);
  const child = spawn('script', ['-qec', command, '/dev/null'], {
    env: { ...inherited, TERM: 'xterm-256color', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return new Promise((resolve, reject) => {
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.on('error', reject).on('close', () => {
      resolve(output);
    });
  });
}

const directories: string[] = [];

// Where the journals of seal are.
process.env['XDG_STATE_HOME'] = temporary();

afterAll(() => {
  // rm(1) manages paths that are longer than a system call takes.
  spawnSync('rm', ['-rf', '--', ...directories]);
});

/** A directory of its own, removed when the test file ends. */
export function temporary(): string {
  const path = mkdtempSync(join(tmpdir(), 'mayexec-cli-'));
  directories.push(path);
  return path;
}

/** Files by path: their content, or their content and mode; a mode is 0644 unless given. */
export type Files = Record<string, string | readonly [content: string, mode: number]>;

export function tree(files: Files, root = temporary()): string {
  for (const [path, file] of Object.entries(files)) {
    const [content, mode] = typeof file === 'string' ? [file, 0o644] : file;
    const at = join(root, path);
    mkdirSync(dirname(at), { recursive: true });
    writeFileSync(at, content);
    chmodSync(at, mode);
  }
  return root;
}

/** The permission bits of every regular file beneath a directory. */
export function modes(root: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const entry of readdirSync(root, { recursive: true, encoding: 'utf8' })) {
    const stat = lstatSync(join(root, entry));
    if (stat.isFile()) found[entry] = (stat.mode & 0o7777).toString(8).padStart(4, '0');
  }
  return found;
}
