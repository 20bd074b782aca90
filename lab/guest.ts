/** Runs a command in another kernel: one that is an ordinary process, or one in qemu. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { lab } from './cache.js';
import { run, tail } from './exec.js';
import { program } from './programs.js';
import { qemu } from './qemu.js';

export interface Kernel {
  executable: string;
  /** qemu boots the kernel with it. Without one the kernel is User Mode Linux. */
  initramfs?: string;
  /** See lab_layer in init.c. */
  layer: string;
  /** More words of the kernel's command line. */
  parameters?: readonly string[];
}

/** A command that may leave a report in the file whose name it is given. */
export type Command = (report: string) => readonly string[];

export interface Request {
  command: Command;
  env: Readonly<Record<string, string>>;
  /** Milliseconds. */
  timeout: number;
  /** Let the command's output through instead of collecting it. */
  live: boolean;
}

export interface Visit {
  release: string;
  status: number;
  /** What the command printed, unless it was let through. */
  console: string;
  report: string | undefined;
}

/** The checkout, at the same path in the guest. */
export const checkout = dirname(lab);

/** A directory of the machine, as the guest sees it. */
const guestOut = '/run/lab/out';

const memory = 2048;

const quote = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`;

/** The guest's memory is a file: it must not fill a small /dev/shm, as containers have. */
function memoryDirectory(): string {
  try {
    const { bavail, bsize } = statfsSync('/dev/shm');
    if (bavail * bsize > (memory + 256) * 2 ** 20) return '/dev/shm';
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  return tmpdir();
}

function commandFile(request: Request): string {
  const environment = {
    PATH: process.env['PATH'] ?? '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    HOME: '/tmp/home',
    XDG_CACHE_HOME: '/tmp/home/cache',
    LANG: 'C.UTF-8',
    CI: '1',
    NO_COLOR: '1',
    ...request.env,
  };
  return [
    'mkdir -p /tmp/home/cache || exit 1',
    ...Object.entries(environment).map(([name, value]) => `export ${name}=${quote(value)}`),
    ...(request.live ? [] : [`exec >${guestOut}/console 2>&1`]),
    `exec ${request.command(`${guestOut}/report`).map(quote).join(' ')}`,
    '',
  ].join('\n');
}

export function readOptional(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** The command that boots the kernel, with the machine's files as its root. */
function boot(kernel: Kernel, out: string, init: string): string[] {
  const { executable, initramfs, layer } = kernel;
  const parameters = [
    ...(kernel.parameters ?? []),
    ...['quiet', `lab_out=${out}`, `lab_root=${checkout}`, `lab_layer=${layer}`],
  ];
  if (initramfs === undefined) {
    return [
      ...[executable, `mem=${memory}M`, 'root=hostfs', 'rootfstype=hostfs', 'rootflags=/', 'rw'],
      ...['con=null', 'con0=fd:0,fd:1', `uml_dir=${out}`, `init=${init}`],
      ...parameters,
    ];
  }
  return [
    ...[...qemu, '-m', `${memory}M`, '-kernel', executable, '-initrd', initramfs],
    ...['-virtfs', 'local,path=/,mount_tag=lab,security_model=none,multidevs=remap'],
    ...['-append', ['console=ttyS0', 'panic=-1', `lab_init=${init}`, ...parameters].join(' ')],
  ];
}

/** Boots the kernel, runs the command there as root, and switches it off. */
export async function visit(kernel: Kernel, request: Request): Promise<Visit> {
  const init = await program('init.c');
  const out = mkdtempSync(join(tmpdir(), 'mayexec-lab-'));
  try {
    writeFileSync(join(out, 'command'), commandFile(request));
    writeFileSync(join(out, 'seed'), randomBytes(32));
    const ended = await run(boot(kernel, out, init), {
      env: { ...process.env, TMPDIR: memoryDirectory() },
      timeout: request.timeout,
      live: request.live,
    });
    const file = (name: string): string | undefined => readOptional(join(out, name));
    const console = ended.output + (file('console') ?? '');
    if (ended.timedOut) {
      throw new Error(`the guest hung for ${request.timeout / 1000} s\n${tail(console)}`);
    }
    const release = file('release');
    const status = file('status');
    if (release === undefined || status === undefined) {
      throw new Error(`the guest did not come to its end\n${tail(console)}`);
    }
    return {
      release: release.trim(),
      status: Number(status),
      console,
      report: file('report'),
    };
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}
