import { spawn } from 'node:child_process';

import { restricted } from './helpers.js';

export interface Ended {
  readonly status: number | null;
  readonly signal: string | null;
  readonly output: string;
  readonly timedOut: boolean;
}

export interface Command {
  readonly words: readonly string[];
  readonly bits: number;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly input?: string | undefined;
  readonly stdinFile?: string | undefined;
  /** It is ended when it has printed this. */
  readonly endsAt?: string | undefined;
  readonly timeout: number;
}

const MOST_OUTPUT = 1 << 20;

/** Runs a command, and ends all that it has left running in its process group. */
export function run(command: Command): Promise<Ended> {
  const words =
    command.stdinFile === undefined
      ? command.words
      : ['/bin/sh', '-c', 'exec "$@" < "$0"', command.stdinFile, ...command.words];
  const [file = '', ...args] = restricted(command.bits, words);
  return new Promise((resolve) => {
    const child = spawn(file, args, {
      cwd: command.cwd,
      env: command.env,
      detached: true,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    let output = '';
    let timedOut = false;
    const endGroup = (): void => {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
      } catch {
        // All have ended.
      }
    };
    const timer = setTimeout(() => {
      timedOut = true;
      endGroup();
    }, command.timeout);
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        if (output.length < MOST_OUTPUT) output += text;
        if (command.endsAt !== undefined && output.includes(command.endsAt)) endGroup();
      });
    }
    child.stdin.on('error', () => undefined).end(command.input ?? '');
    child.on('error', (error) => (output += String(error)));
    // What it started may hold its standard output.
    child.on('exit', () => setTimeout(endGroup, 20));
    child.on('close', (status, signal) => {
      clearTimeout(timer);
      resolve({ status, signal, output, timedOut });
    });
  });
}
