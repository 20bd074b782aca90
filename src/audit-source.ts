import { textOf, type LogFiles } from './log-files.js';

/*
 * The host, the program and the container of a record. A collector gets the records of many hosts.
 */

/** The same in each record of a process. */
export interface Source {
  readonly host: string;
  readonly program: string | undefined;
  readonly container: string | undefined;
}

const ID = /[0-9a-f]{64}/g;

/**
 * The files that a container engine mounts into each container, from a directory named by its id.
 */
const MOUNTED = ['/etc/hostname', '/etc/resolv.conf', '/etc/hosts'];
const ROOT_FIELD = 3;
const POINT_FIELD = 4;

/**
 * The container's id: in the name of its control group, or else in the path from which its files
 * are mounted. With Kubernetes that path has the pod's id. Undefined where neither has one.
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

/** The program of this thread. As in Node, code without a file is `[eval]`. */
export function programHere(): string | undefined {
  const { argv, _eval: text } = process as unknown as { argv: string[]; _eval?: string };
  return text === undefined ? argv[1] : '[eval]';
}

/** Call this before the program runs, because the program could change the answers. */
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
