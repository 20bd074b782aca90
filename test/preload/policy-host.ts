import { fork, type ChildProcess } from 'node:child_process';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { Securebits } from '../../src/securebits.js';
import { nodeBinary, type Major } from './versions.js';
import type { WayIn } from './ways-in.js';

export interface Command {
  file: string;
  args: string[];
  cwd?: string;
  env?: Record<string, string>;
  uid?: number;
  gid?: number;
  /** Written to its standard input. */
  input?: string | undefined;
  /** A file that becomes its standard input. */
  stdinFile?: string | undefined;
  /** It is ended when it has printed this. */
  endsAt?: string | undefined;
}

export interface Outcome {
  status: number | null;
  signal: string | null;
  stdout: string;
  stderr: string;
}

/** Starts a way in on a Node, in the folder that holds it. `env` is added to its environment. */
export const startOf = (
  way: WayIn,
  major: Major,
  cwd: string,
  env: Record<string, string>,
): Command => ({
  file: nodeBinary(major),
  args: way.args,
  cwd,
  env: {
    // `node` in a script is that Node, too.
    PATH: `${dirname(nodeBinary(major))}:${process.env['PATH'] ?? ''}`,
    ...way.env,
    ...env,
  },
  input: way.input,
  stdinFile: way.stdinFile,
  endsAt: way.endsAt,
});

const script = fileURLToPath(new URL('./policy-host.mjs', import.meta.url));
/** Copying a Node takes long on a busy machine. A test ends after 60 s. */
const SLOWEST_MS = 50_000;

/** A process with securebits of its own, in which commands are run. */
export class PolicyHost {
  readonly #child: ChildProcess;
  readonly #ready: Promise<void>;
  readonly #ended: Promise<never>;
  readonly #waiting = new Map<number, (outcome: Outcome) => void>();
  #last = 0;

  constructor(bits: Partial<Securebits>) {
    // It must not inherit what the test runner was started with.
    this.#child = fork(script, [JSON.stringify(bits)], {
      execArgv: [],
      env: { PATH: process.env['PATH'] },
    });
    this.#ended = new Promise((_resolve, reject) =>
      this.#child.once('exit', (code, signal) => {
        reject(new Error(`the policy host ended: ${String(signal ?? code)}`));
      }),
    );
    // Its end is an error for those alone who wait for something of it.
    this.#ended.catch(() => undefined);
    this.#ready = new Promise((resolve) =>
      this.#child.once('message', () => {
        resolve();
      }),
    );
    this.#child.on('message', (message: Outcome & { id?: number }) => {
      if (message.id === undefined) return;
      this.#waiting.get(message.id)?.(message);
      this.#waiting.delete(message.id);
    });
  }

  async run(command: Command): Promise<Outcome> {
    await Promise.race([this.#ready, this.#ended]);
    const id = ++this.#last;
    const { stdinFile, env = {}, ...rest } = command;
    const outcome = new Promise<Outcome>((resolve) => {
      this.#waiting.set(id, resolve);
      this.#child.send({
        ...rest,
        id,
        env: { PATH: process.env['PATH'], HOME: '/nonexistent', ...env },
        timeout: SLOWEST_MS,
        ...(stdinFile === undefined
          ? {}
          : {
              file: '/bin/sh',
              args: ['-c', 'exec "$@" < "$0"', stdinFile, command.file, ...command.args],
            }),
      });
    });
    return Promise.race([outcome, this.#ended]);
  }

  close(): void {
    this.#child.disconnect();
  }
}
