/** How the kernel was asked. `emulated` is the weaker answer of user space. */
export type Mechanism = 'at_execve_check' | 'o_mayexec' | 'emulated' | 'none';

/**
 * Why a file was refused, worked out after the denial. `fanotify` means that a daemon that watches
 * executions (such as fapolicyd) or a BPF program refused it.
 */
export type DenialReason = 'mode' | 'noexec-mount' | 'not-regular' | 'security-module' | 'fanotify';

/** The answer of the check. A fact, never an action. */
export interface Verdict {
  /** `null` when no check was possible, or the attempt failed. */
  readonly allowed: boolean | null;
  /** Whether a negative answer binds, by the system's policy or by `enforce: true`. */
  readonly binding: boolean;
  /** The mechanism that gave the answer. */
  readonly mechanism: Mechanism;
  /** The errno's name, if the check failed: EACCES or EPERM for a denial. */
  readonly errno?: string;
  /** The cause of a denial. Absent otherwise. */
  readonly reason?: DenialReason;
}
