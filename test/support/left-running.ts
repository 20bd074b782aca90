import { readdirSync, readlinkSync } from 'node:fs';

/** The processes that run in a folder or beneath it. */
function runningIn(folder: string): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => {
      if (!Number.isInteger(pid) || pid === process.pid) return false;
      try {
        return `${readlinkSync(`/proc/${pid}/cwd`)}/`.startsWith(`${folder}/`);
      } catch {
        return false; // it has ended
      }
    });
}

/** Ends what programs of a test have started and left behind, as a Node that waits for a debugger. */
export function endAllIn(folder: string): void {
  for (const pid of runningIn(folder)) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended.
    }
  }
}
