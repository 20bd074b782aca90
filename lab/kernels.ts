/**
 * What each kernel that the tests run on is expected to have.
 *
 * This is the one table that the tests read: a test that needs a feature asks
 * it here, never the running kernel. So a kernel that has lost a feature fails
 * the test that needs it, and a test is left out only where this table says
 * that the kernel has nothing to test.
 *
 * The row is chosen by MAYEXEC_KERNEL (default `host`, any Linux from 6.14 on
 * with Landlock, run as root).
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
  /** PR_GET_SECUREBITS can be asked. */
  prctl: 'supported' | 'filtered';
  /** The O_MAYEXEC patch series: `v5`, the dialect of v6 and v7, or none. */
  oMayExec: 'v5' | 'v6' | null;
  /** MFD_NOEXEC_SEAL and MFD_EXEC, Linux 6.3. */
  memfdNoexecSeal: boolean;
  /** Landlock is built in and enabled. */
  landlock: boolean;
  /** IMA appraisal and IPE are built in and enabled. */
  ima: boolean;
  ipe: boolean;
}

const modern = {
  openat2: 'supported',
  resolveCached: true,
  refusesHighBits: true,
  emptyPath: false,
  regular: false,
  execveCheck: 'supported',
  prctl: 'supported',
  oMayExec: null,
  memfdNoexecSeal: true,
  landlock: true,
  ima: false,
  ipe: false,
} as const;

export const kernels = {
  host: { about: 'the machine the tests run on: Linux 6.14 or newer', ...modern },
} satisfies Record<string, KernelFeatures>;

export type KernelName = keyof typeof kernels;
