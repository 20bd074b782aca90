import { spawn } from 'node:child_process';

import { command, launcher } from '../support/built.js';

export interface Started {
  cwd?: string | undefined;
  env?: Readonly<Record<string, string>> | undefined;
  argv0?: string | undefined;
  input?: string | undefined;
  /** It is ended when it has printed this. */
  endsAt?: string | undefined;
}

export interface Outcome {
  status: number | null;
  signal: string | null;
  stdout: string;
  stderr: string;
}

/** Starts a program with an environment of its own, whatever the tests were started with. */
export function started(
  file: string,
  args: readonly string[],
  { cwd, env, argv0, input, endsAt }: Started = {},
): Promise<Outcome> {
  const child = spawn(file, args, {
    cwd,
    argv0,
    env: { PATH: process.env['PATH'], HOME: '/nonexistent', ...env },
  });
  let stdout = '';
  let stderr = '';
  const ended = (): void => {
    if (endsAt !== undefined && (stdout + stderr).includes(endsAt)) child.kill();
  };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    ended();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    ended();
  });
  child.stdin.on('error', () => undefined).end(input ?? '');
  return new Promise((resolve, reject) => {
    child.on('error', reject).on('close', (status, signal) => {
      resolve({ status, signal, stdout, stderr });
    });
  });
}

export function launched(args: readonly string[], how?: Started): Promise<Outcome> {
  return started(launcher, args, how);
}

/** The launcher by its own name, and as the first act of the command, in a folder. */
export function bothLaunchers(
  cwd: string,
): [string, (args: readonly string[], how?: Started) => Promise<Outcome>][] {
  return [
    ['mayexec-run', (args, how) => launched(args, { cwd, ...how })],
    [
      'mayexec run',
      (args, how) => started(process.execPath, [command, 'run', ...args], { cwd, ...how }),
    ],
  ];
}
