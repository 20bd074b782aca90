import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll } from 'vitest';

const built = new URL('../../dist/index.js', import.meta.url);

/**
 * A directory of a test file's own, which is removed after its tests, with methods that make files
 * in it.
 */
export class Sandbox {
  /** Free of symbolic links, and open to every user. */
  readonly dir: string;
  readonly #servers: Server[] = [];

  constructor() {
    this.dir = realpathSync(mkdtempSync(join(tmpdir(), 'mayexec-')));
    chmodSync(this.dir, 0o755);
  }

  path(name: string): string {
    return join(this.dir, name);
  }

  /** Each maker makes the directories above too, and returns the whole path. */
  #place(name: string): string {
    const path = this.path(name);
    mkdirSync(dirname(path), { recursive: true });
    return path;
  }

  /** The mode is exactly this, whatever the umask. */
  file(name: string, mode = 0o644, content: string | Uint8Array = name): string {
    const path = this.#place(name);
    writeFileSync(path, content);
    chmodSync(path, mode);
    return path;
  }

  directory(name: string, mode = 0o755): string {
    const path = this.#place(name);
    mkdirSync(path, { recursive: true });
    chmodSync(path, mode);
    return path;
  }

  symlink(name: string, target: string): string {
    const path = this.#place(name);
    symlinkSync(target, path);
    return path;
  }

  fifo(name: string, mode = 0o644): string {
    const path = this.#place(name);
    execFileSync('mkfifo', ['-m', mode.toString(8), path]);
    return path;
  }

  /** Somebody listens at it until the tests have ended. */
  async socket(name: string, mode = 0o755): Promise<string> {
    const path = this.#place(name);
    const server = createServer();
    this.#servers.push(server);
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(path, resolve);
    });
    chmodSync(path, mode);
    return path;
  }

  async remove(): Promise<void> {
    for (const server of this.#servers) {
      await new Promise((resolve) => server.close(resolve));
    }
    rmSync(this.dir, { recursive: true, force: true });
  }
}

/** The sandbox of a test file: call it once, at the top. */
export function sandbox(): Sandbox {
  const made = new Sandbox();
  afterAll(() => made.remove());
  return made;
}

/** The fds of this process and what they lead to: `7 -> pipe:[1234]`. */
export function openFds(): string[] {
  const found: string[] = [];
  for (const fd of readdirSync('/proc/self/fd')) {
    try {
      found.push(`${fd} -> ${readlinkSync(`/proc/self/fd/${fd}`)}`);
    } catch {
      // The fd by which the list was read.
    }
  }
  return found;
}

export interface ChildOptions {
  /** What the code finds as `input`; anything that JSON can hold. */
  input?: unknown;
  /**
   * The user that the code runs as. Everything before it runs as root, so that the checkout may lie
   * anywhere.
   */
  uid?: number;
  /** Default: as `uid`. */
  gid?: number;
  /** Shell commands that run first, in a mount namespace of the child's own. `:` for nothing but that. */
  mounts?: string;
  /** By prlimit(1)'s names: `{ nofile: 64 }`. */
  rlimits?: Readonly<Record<string, number>>;
  /** A command that runs Node: `['refuse', '--syscall', 'execveat', '--']`. */
  launcher?: readonly string[];
  nodeArgs?: readonly string[];
  env?: NodeJS.ProcessEnv;
  cwd?: string;
  /** An fd; default /dev/null. */
  stdin?: number;
  /** Milliseconds until the child is killed and the test fails. */
  timeout?: number;
  /** Runs before the package is imported. */
  before?: string;
  /** Another build of the package. */
  dist?: URL;
}

/**
 * Runs JavaScript in a Node of its own and returns what it returns, as JSON
 * brought it: an Error as its fields with `name` and `message`, a bigint as a
 * string, undefined as null.
 *
 * The code is the body of an async function. It finds `mayexec` (the built
 * package), `fs`, `input`, `attempt(fn)`: what fn returned, or what it threw,
 * and `fds()`: the open fds, each with what it leads to. `left(before)` gives
 * those that `before` does not have. Another thread of Node may have a file open
 * for a moment, so it asks again for a second. This thread sleeps meanwhile, and
 * can close nothing.
 */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters
export function runChild<T = unknown>(code: string, options: ChildOptions = {}): T {
  const { uid, gid = uid, mounts, rlimits = {}, launcher = [], nodeArgs = [] } = options;
  const { timeout = 50_000 } = options;
  const [command, ...args] = [
    ...(mounts === undefined
      ? []
      : [
          'unshare',
          '--mount',
          '--propagation',
          'private',
          'sh',
          '-ec',
          `${mounts}\nexec "$@"`,
          'sh',
        ]),
    ...(Object.keys(rlimits).length === 0
      ? []
      : ['prlimit', ...Object.entries(rlimits).map(([name, limit]) => `--${name}=${limit}`)]),
    ...launcher,
    process.execPath,
    ...nodeArgs,
    '--input-type=module',
    '--eval',
    childSource(code, options, uid, gid),
  ];
  const child = spawnSync(command, args, {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    stdio: [options.stdin ?? 'ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
    timeout,
    killSignal: 'SIGKILL',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (child.error !== undefined) throw child.error;
  if (child.status !== 0) {
    throw new Error(
      `the child ended with ${child.signal ?? `status ${child.status ?? '?'}`}\n${child.stderr}${child.stdout}`,
    );
  }
  return JSON.parse(child.stdout) as T;
}

function childSource(
  code: string,
  { input = null, before = '', dist = built }: ChildOptions,
  uid: number | undefined,
  gid: number | undefined,
): string {
  const drop =
    uid === undefined
      ? ''
      : `
    mayexec.probe(); // loads the addon, while this process may read it
    process.setgroups([]);
    process.setgid(${gid ?? uid});
    process.setuid(${uid});`;
  return `
    import * as fs from 'node:fs';
    ${before}
    const mayexec = await import(${JSON.stringify(dist.href)});
    const attempt = async (fn) => {
      try {
        return await fn();
      } catch (error) {
        return error;
      }
    };
    const fds = () =>
      fs.readdirSync('/proc/self/fd').flatMap((fd) => {
        try {
          return [fd + ' -> ' + fs.readlinkSync('/proc/self/fd/' + fd)];
        } catch {
          return []; // the fd by which the list was read
        }
      });
    const left = (before) => {
      for (let tries = 0; ; tries++) {
        const more = fds().filter((fd) => !before.includes(fd));
        if (more.length === 0 || tries === 20) return more;
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
      }
    };
    ${drop}
    const main = async (input) => {
${code}
    };
    const value = await main(${JSON.stringify(input)});
    const text = JSON.stringify(value ?? null, (_, part) =>
      typeof part === 'bigint'
        ? String(part)
        : part instanceof Error
          ? { name: part.name, message: part.message, ...part }
          : part,
    );
    fs.writeFileSync(1, text);`;
}
