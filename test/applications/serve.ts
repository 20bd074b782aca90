/** Starts an application, asks it, and ends it. */
import { spawn } from 'node:child_process';
import { get } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';

export interface Outcome {
  /** What it answered; undefined when it ended before. */
  readonly answer: string | undefined;
  readonly status: number | null;
  readonly stderr: string;
}

export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => {
        resolve(port);
      });
    });
  });
}

function ask(port: number, path: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    get({ port, path, host: '127.0.0.1' }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (data: string) => (text += data));
      response.on('end', () => {
        resolve(response.statusCode === 200 ? text : undefined);
      });
    }).on('error', () => {
      resolve(undefined);
    });
  });
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
/** The slowest application needs some seconds. */
const LONGEST_MS = 120_000;
const EVERY_MS = 200;

/** Ends the program and what it started. */
async function end(pid: number, ended: Promise<unknown>): Promise<void> {
  const kill = (signal: NodeJS.Signals): void => {
    try {
      process.kill(-pid, signal);
    } catch {
      // All of it has ended.
    }
  };
  kill('SIGTERM');
  await Promise.race([ended, pause(10_000)]);
  kill('SIGKILL');
  await ended;
}

export async function serve(
  [file = '', ...words]: readonly string[],
  options: { cwd: string; env: NodeJS.ProcessEnv; port: number; path: string },
): Promise<Outcome> {
  const { cwd, env, port, path } = options;
  const child = spawn(file, words, {
    cwd,
    env,
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const state = { over: false };
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on('error', reject).on('exit', (status) => {
      state.over = true;
      resolve(status);
    });
  });
  let answer: string | undefined;
  const until = Date.now() + LONGEST_MS;
  while (!state.over && answer === undefined && Date.now() < until) {
    await pause(EVERY_MS);
    answer = await ask(port, path);
  }
  if (child.pid !== undefined) await end(child.pid, ended);
  return { answer, status: await ended, stderr };
}
