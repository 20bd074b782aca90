/** Child processes that end with the lab, or when their time is over. */
import { spawn } from 'node:child_process';
import { constants } from 'node:os';

export interface Options {
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  /** Milliseconds. */
  timeout?: number;
  /** Let its output through instead of collecting it. */
  live?: boolean;
}

export interface Ended {
  status: number;
  timedOut: boolean;
  output: string;
}

const groups = new Set<number>();

function killGroup(group: number): void {
  try {
    process.kill(-group, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

process.on('exit', () => {
  for (const group of groups) killGroup(group);
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => process.exit(128 + constants.signals[signal]));
}

/** Runs a command in a process group of its own, which ends with it. */
export function run(command: readonly string[], options: Options = {}): Promise<Ended> {
  const [file, ...args] = command;
  if (file === undefined) throw new RangeError('an empty command');
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, {
      cwd: options.cwd,
      env: options.env,
      detached: true,
      stdio: ['ignore', options.live ? 'inherit' : 'pipe', options.live ? 'inherit' : 'pipe'],
    });
    const group = child.pid;
    const output: Buffer[] = [];
    let timedOut = false;
    child.stdout?.on('data', (data: Buffer) => output.push(data));
    child.stderr?.on('data', (data: Buffer) => output.push(data));
    if (group !== undefined) groups.add(group);
    const timer =
      options.timeout === undefined || group === undefined
        ? undefined
        : setTimeout(() => {
            timedOut = true;
            killGroup(group);
          }, options.timeout);
    child.on('error', reject);
    // Not `close`: a process that left the group may hold the pipes open.
    child.on('exit', (code, signal) => {
      clearTimeout(timer);
      if (group !== undefined) {
        killGroup(group);
        groups.delete(group);
      }
      const status = code ?? 128 + (signal === null ? 0 : constants.signals[signal]);
      setImmediate(() => {
        child.stdout?.destroy();
        child.stderr?.destroy();
        resolve({ status, timedOut, output: Buffer.concat(output).toString() });
      });
    });
  });
}

export const tail = (text: string, lines = 30): string =>
  text.trimEnd().split('\n').slice(-lines).join('\n');

/** Runs a command that must succeed, and returns what it printed. */
export async function must(command: readonly string[], options: Options = {}): Promise<string> {
  const ended = await run(command, options);
  if (ended.status === 0) return ended.output;
  const how = ended.timedOut ? 'took too long' : `ended with status ${ended.status}`;
  throw new Error(`${command.join(' ')}: ${how}\n${tail(ended.output)}`);
}
