/** What the command's exit status says; docs/cli.md. `run` hands on that of its program. */
export const exitStatus = {
  ok: 0,
  /** The work was done, and it found what is not as it should be. */
  findings: 1,
  /** The work could not be done, or not all of it: bad arguments, or a failed system call. */
  failure: 2,
  /** This machine cannot be asked: no mechanism, no addon, not Linux. */
  unsupported: 3,
} as const;

let status: number = exitStatus.ok;

/** What the subcommand that runs will end with; commander hands no result on. */
export function setStatus(value: number): void {
  status = value;
}

export function takeStatus(): number {
  const taken = status;
  status = exitStatus.ok;
  return taken;
}
