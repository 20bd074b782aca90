import { spawn, type SpawnOptions } from 'node:child_process';

/** How a program ended. */
export interface Ended {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** Runs a program, passes signals on to it, and waits for its end. Throws the errors of spawn. */
export function runToEnd(
  file: string,
  words: readonly string[],
  options: SpawnOptions,
): Promise<Ended> {
  const child = spawn(file, words, options);
  // The terminal sends SIGINT to the program too, and this process waits for the program's end.
  const ignore = (): void => undefined;
  const pass = (signal: NodeJS.Signals): void => void child.kill(signal);
  process.on('SIGINT', ignore).on('SIGTERM', pass).on('SIGHUP', pass);
  return new Promise<Ended>((done, fail) => {
    child.on('error', fail).on('exit', (status, signal) => {
      done({ status, signal });
    });
  }).finally(() => {
    process.off('SIGINT', ignore).off('SIGTERM', pass).off('SIGHUP', pass);
  });
}
