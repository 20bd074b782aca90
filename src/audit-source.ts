import { textOf, type LogFiles } from './log-files.js';

/*
 * Who writes a record: what the records of two thousand hosts are told apart by.
 */

/** What each record of a process has. */
export interface Source {
  readonly host: string;
  readonly program: string | undefined;
  readonly container: string | undefined;
}

const ID = /[0-9a-f]{64}/g;

/** The files that an engine mounts into each container, from a directory of that one. */
const MOUNTED = ['/etc/hostname', '/etc/resolv.conf', '/etc/hosts'];
const ROOT_FIELD = 3;
const POINT_FIELD = 4;

/**
 * The id of the container: of the control group, else of the directory from which its files
 * are mounted. With Kubernetes the second is the pod's. Undefined where neither tells.
 */
export function containerOf(cgroup: string, mountinfo: string): string | undefined {
  const own = cgroup.match(ID)?.at(-1);
  if (own !== undefined) return own;
  for (const line of mountinfo.split('\n')) {
    const fields = line.split(' ');
    if (!MOUNTED.includes(fields[POINT_FIELD] ?? '')) continue;
    const id = fields[ROOT_FIELD]?.match(ID)?.at(-1);
    if (id !== undefined) return id;
  }
  return undefined;
}

/** What this thread runs, by Node's own names for what has no file. */
export function programHere(): string | undefined {
  const { argv, _eval: text } = process as unknown as { argv: string[]; _eval?: string };
  return text === undefined ? argv[1] : '[eval]';
}

/** Call it before the program runs: later nothing of this is certain. */
export function sourceOf(files: LogFiles, program: string | undefined): Source {
  const { hostname } = process.getBuiltinModule('node:os');
  return {
    host: hostname(),
    program,
    container: containerOf(
      textOf(files, '/proc/self/cgroup') ?? '',
      textOf(files, '/proc/self/mountinfo') ?? '',
    ),
  };
}
