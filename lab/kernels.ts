/**
 * What each kernel that the tests run on is expected to have.
 *
 * This is the one table that the tests read: a test that needs a feature asks
 * it here, never the running kernel. So a kernel that has lost a feature fails
 * the test that needs it, and a test is left out only where this table says
 * that the kernel has nothing to test.
 *
 * The row is chosen by MAYEXEC_KERNEL (default `host`, any Linux from 6.14 on
 * with Landlock, run as root). test/as-root.mjs sets it for a user who is not root.
 */
export interface KernelFeatures {
  /** One line for people: where the kernel comes from. */
  about: string;
  /** openat2(2) as a whole, Linux 5.6. `filtered` under the refusing launcher. */
  openat2: 'supported' | 'unsupported' | 'filtered';
  /** RESOLVE_CACHED, Linux 5.12. */
  resolveCached: boolean;
  /** openat2 refuses unknown bits 32 to 63, Linux 5.14 (and 5.10-stable). */
  refusesHighBits: boolean;
  /** O_EMPTYPATH and OPENAT2_REGULAR, Linux 7.2. */
  emptyPath: boolean;
  regular: boolean;
  /** execveat(2) with AT_EXECVE_CHECK and the four exec securebits, Linux 6.14. */
  execveCheck: 'supported' | 'unsupported' | 'filtered';
  /** Root may make devices, and mount file systems like proc. In a user namespace it may not. */
  root: boolean;
  /** PR_GET_SECUREBITS can be asked. */
  prctl: 'supported' | 'filtered';
  /** unshare(CLONE_FS): Docker's default profile refuses it without CAP_SYS_ADMIN. */
  unshare: 'supported' | 'filtered';
  /** The O_MAYEXEC patch series: `v5`, the dialect of v6 and v7, or none. */
  oMayExec: 'v5' | 'v6' | null;
  /** fs.open_mayexec_enforce sets its policy; without it both checks are enforced. */
  oMayExecSysctl: boolean;
  /** O_MAYEXEC as CLIP OS 4 has it: a flag of open(2) and openat(2). */
  clipOs: boolean;
  /** MFD_NOEXEC_SEAL and MFD_EXEC, Linux 6.3. */
  memfdNoexecSeal: boolean;
  /** Landlock is built in and enabled. */
  landlock: boolean;
  /** Landlock can restrict the threads that run already: ABI 8, Linux 7.0. */
  landlockThreads: boolean;
  /** IMA appraisal and IPE are built in and enabled. */
  ima: boolean;
  /** IMA judges a file that is opened with O_MAYEXEC: the last patch of the series. */
  imaOpenExec: boolean;
  ipe: boolean;
  /**
   * The security module whose policy refuses to execute files that the tests mark. See
   * lab/security.
   */
  securityModule: 'selinux' | 'apparmor' | 'smack' | 'tomoyo' | 'bpf' | null;
}

const modern = {
  openat2: 'supported',
  resolveCached: true,
  refusesHighBits: true,
  emptyPath: false,
  regular: false,
  execveCheck: 'supported',
  root: true,
  prctl: 'supported',
  unshare: 'supported',
  oMayExec: null,
  oMayExecSysctl: false,
  clipOs: false,
  memfdNoexecSeal: true,
  landlock: true,
  landlockThreads: false,
  ima: false,
  imaOpenExec: false,
  ipe: false,
  securityModule: null,
} as const;

/** Debian's ready-made kernels have no Landlock. */
const older = { ...modern, execveCheck: 'unsupported', landlock: false } as const;

const newest = { ...modern, emptyPath: true, regular: true, landlock: false } as const;

/** Without openat2 none of the features that it carries is there. */
const noOpenat2 = {
  ...modern,
  openat2: 'filtered',
  resolveCached: false,
  refusesHighBits: false,
} as const;

const oMayExec = {
  ...older,
  oMayExecSysctl: true,
  memfdNoexecSeal: false,
  imaOpenExec: true,
} as const;

const integrity = {
  ...modern,
  emptyPath: true,
  regular: true,
  landlockThreads: true,
  ima: true,
  ipe: true,
} as const;

export const kernels = {
  host: { about: 'the machine the tests run on: Linux 6.14 or newer', ...modern },

  enosys: { about: 'the machine, openat2 answers ENOSYS', ...noOpenat2 },
  eperm: { about: 'the machine, openat2 answers EPERM', ...noOpenat2 },
  'enosys-execveat': {
    about: 'the machine, execveat answers ENOSYS',
    ...modern,
    execveCheck: 'filtered',
  },
  'eperm-execveat': {
    about: 'the machine, execveat answers EPERM',
    ...modern,
    execveCheck: 'filtered',
  },
  'eperm-prctl': {
    about: 'the machine, PR_GET_SECUREBITS and PR_SET_SECUREBITS answer EPERM',
    ...modern,
    prctl: 'filtered',
  },
  'eperm-unshare': {
    about: 'the machine, unshare answers EPERM, as in a Docker container',
    ...modern,
    unshare: 'filtered',
  },

  'user-namespace': {
    about: 'the machine, as root of a user namespace',
    ...modern,
    root: false,
  },

  'linux-5.10': {
    about: 'User Mode Linux 5.10 of Debian 11: an openat2 that overlooks unknown bits',
    ...older,
    resolveCached: false,
    refusesHighBits: false,
    memfdNoexecSeal: false,
  },
  'linux-6.1': {
    about: 'User Mode Linux 6.1 of Debian 12',
    ...older,
    memfdNoexecSeal: false,
  },
  'linux-6.12': { about: 'User Mode Linux 6.12 of Debian 13', ...older },
  'linux-7.2': { about: 'User Mode Linux 7.2 or newer of Debian testing', ...newest },
  selinux: { about: 'the same under SELinux', ...newest, securityModule: 'selinux' },
  apparmor: { about: 'the same under AppArmor', ...newest, securityModule: 'apparmor' },
  smack: { about: 'the same under Smack', ...newest, securityModule: 'smack' },
  tomoyo: { about: 'the same under TOMOYO', ...newest, securityModule: 'tomoyo' },

  'o-mayexec': {
    about: 'Linux 6.1 with O_MAYEXEC as version 5 of the series had it',
    ...oMayExec,
    oMayExec: 'v5',
  },
  'o-mayexec-static': {
    about: 'the same with OMAYEXEC_STATIC: no sysctl, both checks enforced',
    ...oMayExec,
    oMayExec: 'v5',
    oMayExecSysctl: false,
  },
  'o-mayexec-v6': {
    about: 'Linux 6.1 with O_MAYEXEC as versions 6 and 7 of the series had it',
    ...oMayExec,
    oMayExec: 'v6',
  },
  'clip-os': {
    about: 'Linux 6.1 with O_MAYEXEC as CLIP OS 4 had it, a flag of open and openat',
    ...older,
    clipOs: true,
    memfdNoexecSeal: false,
  },

  integrity: {
    about: 'Linux 7.2 or newer with IMA, IPE, fs-verity and Landlock',
    ...integrity,
  },
  'fast-check': {
    about: 'the same, with more modules and checks that prepare no execution',
    ...integrity,
  },
  'fast-selinux': { about: 'fast-check under SELinux', ...newest, securityModule: 'selinux' },
  'fast-apparmor': { about: 'fast-check under AppArmor', ...newest, securityModule: 'apparmor' },
  'fast-smack': { about: 'fast-check under Smack', ...newest, securityModule: 'smack' },
  'fast-tomoyo': { about: 'fast-check under TOMOYO', ...newest, securityModule: 'tomoyo' },
  bpf: {
    about: 'Linux 7.2 or newer of Debian in qemu, with a BPF program as a security module',
    ...newest,
    securityModule: 'bpf',
  },
} satisfies Record<string, KernelFeatures>;

export type KernelName = keyof typeof kernels;
