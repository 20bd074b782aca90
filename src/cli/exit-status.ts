/** The command's exit status; docs/cli.md. `run` passes on the status of its program. */
export const exitStatus = {
  ok: 0,
  /** The work was done, and something was found. */
  findings: 1,
  /** Not all of the work could be done: bad arguments, or a failed system call. */
  failure: 2,
  /** This machine has no mechanism: an old kernel, no addon, or not Linux. */
  unsupported: 3,
} as const;

let status: number = exitStatus.ok;

/** Sets the exit status of the command, because commander returns no result. */
export function setStatus(value: number): void {
  status = value;
}

export function takeStatus(): number {
  const taken = status;
  status = exitStatus.ok;
  return taken;
}
