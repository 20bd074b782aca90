/** How each kernel of the table in kernels.ts is made. */
import type { KernelName } from './kernels.js';

/** A package of a Debian suite, the newest of the versions that fit. */
export interface Package {
  name: string;
  /** In order of preference: testing suites move on. */
  suites: readonly string[];
  version: RegExp;
}

/** The machine's own kernel, with some system calls refused. */
export interface Refusal {
  kind: 'refusal';
  errno: 'ENOSYS' | 'EPERM';
  syscalls: readonly string[];
}

/** How a kernel is started, and what runs in it. */
export interface Start {
  /** Words of its command line. */
  parameters?: readonly string[];
  /** A shell script or a program of lab/ that prepares a guest and runs its arguments there. */
  setup?: string;
  /** The tests that run there; default all. */
  tests?: readonly string[];
}

/** User Mode Linux as Debian ships it. */
export interface ReadyMade extends Start {
  kind: 'ready-made';
  package: Package;
  /** Its suite's C library is newer than the machine's: bring that along. */
  ownLibc: boolean;
  /** Before 5.11 hostfs cannot be the lower layer of an overlay. */
  layer: 'module' | 'copy';
}

/** The kernel that Debian's users run, in qemu. It has what User Mode Linux cannot have. */
export interface Emulated extends Start {
  kind: 'emulated';
  /** Depends on the packages with the kernel and its modules. */
  package: Package;
}

/** Kernels built one after the other from one source tree, as User Mode Linux. */
export interface Family {
  source: Package;
  /** Files of lab/config, for all its kernels. */
  configs: readonly string[];
  /** Gives the tree a certificate authority of its own, certs/lab.pem. */
  authority?: true;
  /** A program of lab/ in C for the setup of its guests, LAB_TOOL. */
  tool?: string;
  kernels: readonly Variant[];
}

export interface Variant {
  name: KernelName;
  /** Patches on top of the kernel before it in the family. */
  patches?: readonly string[];
  /** Its patches are taken off afterwards, so the next kernels are built without them. */
  apart?: true;
  /** More files of lab/config, for this kernel alone. */
  configs?: readonly string[];
  /** A shell script of lab/ that prepares a guest and runs its arguments there. */
  setup?: string;
  /** Commands that run in the kernel once it is built. It is kept only when they succeed. */
  checks: readonly Check[];
}

export interface Check {
  /** A program of lab/ in C, or a shell script. */
  file: string;
  arguments: readonly string[];
}

export interface Built extends Start {
  kind: 'built';
  family: keyof typeof families;
  /** The kernel of the family, where it has another name. */
  kernel?: KernelName;
}

export type Recipe =
  { kind: 'host' } | { kind: 'user-namespace' } | Refusal | ReadyMade | Emulated | Built;

/** The same answers before and after fast-check.patch. */
const checksOf = (state: 'before' | 'after'): Check[] => [
  { file: 'fast-check/verdicts.c', arguments: [state] },
  { file: 'fast-check/executions.c', arguments: [] },
];

/** The newest kernel that Debian has as a source. */
export const newestSource: Package = {
  name: 'linux-source-7.2',
  suites: ['forky', 'sid', 'trixie-backports'],
  version: /^7\.2\./,
};

export const families = {
  'o-mayexec': {
    source: { name: 'linux-source-6.1', suites: ['bookworm'], version: /^6\.1\./ },
    configs: ['common', 'signed', 'o-mayexec'],
    authority: true,
    tool: 'integrity/tool.c',
    kernels: [
      {
        name: 'clip-os',
        patches: ['o-mayexec/clip-os.patch'],
        apart: true,
        checks: [{ file: 'o-mayexec/check-clip-os.c', arguments: [] }],
      },
      {
        name: 'o-mayexec',
        patches: ['o-mayexec/v5.patch'],
        setup: 'o-mayexec/with-keys.sh',
        checks: [{ file: 'o-mayexec/check.c', arguments: ['v5', 'sysctl'] }],
      },
      {
        name: 'o-mayexec-static',
        configs: ['o-mayexec-static'],
        setup: 'o-mayexec/with-keys.sh',
        checks: [{ file: 'o-mayexec/check.c', arguments: ['v5', 'static'] }],
      },
      {
        name: 'o-mayexec-v6',
        patches: ['o-mayexec/v6.patch'],
        setup: 'o-mayexec/with-keys.sh',
        checks: [{ file: 'o-mayexec/check.c', arguments: ['v6', 'sysctl'] }],
      },
    ],
  },
  integrity: {
    source: newestSource,
    configs: ['common', 'signed', 'integrity'],
    authority: true,
    tool: 'integrity/tool.c',
    kernels: [
      {
        name: 'integrity',
        setup: 'integrity/with-keys.sh',
        checks: [{ file: 'integrity/check.sh', arguments: [] }, ...checksOf('before')],
      },
      {
        name: 'fast-check',
        patches: ['fast-check/fast-check.patch'],
        configs: ['security-modules'],
        setup: 'integrity/with-keys.sh',
        checks: [{ file: 'integrity/check.sh', arguments: [] }, ...checksOf('after')],
      },
    ],
  },
} satisfies Record<string, Family>;

const userModeLinux = (version: RegExp, ...suites: string[]): Package => ({
  name: 'user-mode-linux',
  suites,
  version,
});

const newest: ReadyMade = {
  kind: 'ready-made',
  package: userModeLinux(/^7\./, 'forky', 'sid'),
  ownLibc: true,
  layer: 'module',
};

/** A kernel with a security module that is off otherwise. */
const under = <Kernel extends ReadyMade | Emulated | Built>(
  kernel: Kernel,
  module: string,
  ...parameters: string[]
): Kernel => ({
  ...kernel,
  parameters: [`lsm=${module}`, ...parameters],
  setup: `security/${module}.${module === 'bpf' ? 'c' : 'sh'}`,
  tests: ['test/security-modules.test.ts'],
});

const fast: Built = { kind: 'built', family: 'integrity', kernel: 'fast-check' };

/** Its policy is in force once the loader has run. Executing the trigger runs the loader. */
const tomoyo = ['TOMOYO_loader=/bin/true', 'TOMOYO_trigger=/usr/bin/nice'];

export const recipes: Record<KernelName, Recipe> = {
  host: { kind: 'host' },

  enosys: { kind: 'refusal', errno: 'ENOSYS', syscalls: ['openat2'] },
  eperm: { kind: 'refusal', errno: 'EPERM', syscalls: ['openat2'] },
  'enosys-execveat': { kind: 'refusal', errno: 'ENOSYS', syscalls: ['execveat'] },
  'eperm-execveat': { kind: 'refusal', errno: 'EPERM', syscalls: ['execveat'] },
  'eperm-prctl': { kind: 'refusal', errno: 'EPERM', syscalls: ['prctl-securebits'] },
  'eperm-unshare': { kind: 'refusal', errno: 'EPERM', syscalls: ['unshare'] },
  'user-namespace': { kind: 'user-namespace' },

  'linux-5.10': {
    kind: 'ready-made',
    package: userModeLinux(/^5\.10/, 'bullseye'),
    ownLibc: false,
    layer: 'copy',
  },
  'linux-6.1': {
    kind: 'ready-made',
    package: userModeLinux(/^6\.1um/, 'bookworm'),
    ownLibc: false,
    layer: 'module',
  },
  'linux-6.12': {
    kind: 'ready-made',
    package: userModeLinux(/^6\.12/, 'trixie'),
    ownLibc: true,
    layer: 'module',
  },
  'linux-7.2': newest,
  selinux: under(newest, 'selinux'),
  apparmor: under(newest, 'apparmor'),
  smack: under(newest, 'smack'),
  tomoyo: under(newest, 'tomoyo', ...tomoyo),

  'o-mayexec': { kind: 'built', family: 'o-mayexec' },
  'o-mayexec-static': { kind: 'built', family: 'o-mayexec' },
  'o-mayexec-v6': { kind: 'built', family: 'o-mayexec' },
  'clip-os': { kind: 'built', family: 'o-mayexec' },
  integrity: { kind: 'built', family: 'integrity' },
  'fast-check': fast,
  'fast-selinux': under(fast, 'selinux'),
  'fast-apparmor': under(fast, 'apparmor'),
  'fast-smack': under(fast, 'smack'),
  'fast-tomoyo': under(fast, 'tomoyo', ...tomoyo),

  bpf: under(
    {
      kind: 'emulated',
      package: { name: 'linux-image-amd64', suites: ['forky', 'sid'], version: /^7\./ },
    },
    'bpf',
  ),
};

/** Everything but the kernels that take minutes to build, and those in qemu. */
export const isFast = (name: KernelName): boolean => {
  const recipe = recipes[name];
  if (recipe.kind === 'built') return recipe.family !== 'integrity';
  return recipe.kind !== 'host' && recipe.kind !== 'emulated';
};
