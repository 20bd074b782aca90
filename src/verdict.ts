/** How the kernel was asked; `emulated` is user space's own, weaker, answer. */
export type Mechanism = 'at_execve_check' | 'o_mayexec' | 'emulated' | 'none';

/**
 * Why a file was refused, worked out after the denial. `fanotify` means that a daemon which
 * listens for executions said no, such as fapolicyd, or a BPF program.
 */
export type DenialReason = 'mode' | 'noexec-mount' | 'not-regular' | 'security-module' | 'fanotify';

/** What the answer was. A fact, never an action. */
export interface Verdict {
  /** `null` when nobody could be asked, or the attempt failed. */
  readonly allowed: boolean | null;
  /** Whether a negative answer binds: the system's policy, or `enforce: true`. */
  readonly binding: boolean;
  /** Who gave it. */
  readonly mechanism: Mechanism;
  /** The errno's name, when there was one: EACCES or EPERM for a denial. */
  readonly errno?: string;
  /** Only on a denial. */
  readonly reason?: DenialReason;
}
