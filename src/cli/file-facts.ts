import {
  closeSync,
  existsSync,
  fstatSync,
  readdirSync,
  readFileSync,
  statSync,
  type Stats,
} from 'node:fs';

import { addon } from '../addon.js';
import { constants } from '../constants.js';
import type { Place } from '../denial-advice.js';
import { openat2Sync } from '../openat2.js';

/**
 * The facts that decide about a file, as far as a process can see them. The kernel may know more.
 */
export interface FileFacts {
  readonly type: string;
  /** Permission bits, octal. */
  readonly mode: string;
  readonly owner: number;
  readonly group: number;
  /** Which class of permission bits counts for this process, and whether it has x. */
  readonly permissionClass: string;
  readonly executable: boolean;
  readonly mount: { readonly at: string; readonly type: string; readonly options: string } | null;
  readonly place: Place;
}

/** The facts of an open file. Throws node:fs's errors. */
export function factsOf(fd: number): FileFacts {
  const stat = fstatSync(fd);
  const mount = mountOf(fd);
  return {
    type: typeOf(stat),
    mode: `0${(stat.mode & 0o7777).toString(8)}`,
    owner: stat.uid,
    group: stat.gid,
    ...classOf(stat),
    mount,
    place: { mount: mount?.at, kernelFile: addon().kernelFile(fd) > 0 },
  };
}

function typeOf(stat: Stats): string {
  if (stat.isFile()) return 'regular file';
  if (stat.isDirectory()) return 'directory';
  if (stat.isFIFO()) return 'pipe';
  if (stat.isSocket()) return 'socket';
  return 'device';
}

/** The text of a file in /proc/self. Empty where /proc is not mounted. */
function ofThisProcess(name: string): string {
  const path = `/proc/self/${name}`;
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}

/** capabilities(7): CAP_DAC_OVERRIDE, which root may lack. */
function overridesModes(): boolean {
  const effective = /^CapEff:\s+([0-9a-f]+)$/m.exec(ofThisProcess('status'))?.[1];
  if (effective === undefined) return process.geteuid?.() === 0;
  return ((BigInt(`0x${effective}`) >> 1n) & 1n) === 1n;
}

/** path_resolution(7): one class counts. With CAP_DAC_OVERRIDE any x is enough. */
function classOf({ mode, uid, gid }: Stats): Pick<FileFacts, 'permissionClass' | 'executable'> {
  const user = process.geteuid?.() ?? -1;
  const groups = [process.getegid?.() ?? -1, ...(process.getgroups?.() ?? [])];
  const x = (bit: number): boolean => (mode & bit) !== 0;
  if (overridesModes()) {
    return { permissionClass: `uid ${user} needs any x bit`, executable: x(0o111) };
  }
  if (user === uid) return { permissionClass: `uid ${user} owns it`, executable: x(0o100) };
  if (groups.includes(gid)) {
    return { permissionClass: `uid ${user} is in its group ${gid}`, executable: x(0o010) };
  }
  return { permissionClass: `uid ${user} is one of the others`, executable: x(0o001) };
}

/** The mount of an open file. proc(5): fdinfo has its number, and mountinfo the rest. */
function mountOf(fd: number): FileFacts['mount'] {
  const id = /^mnt_id:\s+(\d+)$/m.exec(ofThisProcess(`fdinfo/${fd}`))?.[1];
  for (const line of ofThisProcess('mountinfo').split('\n')) {
    const fields = line.split(' ');
    if (fields[0] !== id) continue;
    const after = fields.slice(fields.indexOf('-') + 1);
    return {
      at: unescape(fields[4] ?? ''),
      type: after[0] ?? '',
      options: fields[5] ?? '',
    };
  }
  return null;
}

/** mountinfo writes blanks and backslashes in octal. */
function unescape(text: string): string {
  return text.replace(/\\(\d{3})/g, (_, octal: string) =>
    String.fromCharCode(Number.parseInt(octal, 8)),
  );
}

/** The processes that have the file open for writing, as far as this user may look at them. */
export function writersOf(fd: number): { pid: number; name: string }[] {
  const file = fstatSync(fd);
  const writers: { pid: number; name: string }[] = [];
  for (const pid of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    try {
      for (const own of readdirSync(`/proc/${pid}/fd`)) {
        const open = statSync(`/proc/${pid}/fd/${own}`, { throwIfNoEntry: false });
        if (open?.ino !== file.ino || open.dev !== file.dev) continue;
        const info = readFileSync(`/proc/${pid}/fdinfo/${own}`, 'utf8');
        const flags = Number.parseInt(/^flags:\s+(\d+)$/m.exec(info)?.[1] ?? '0', 8);
        // O_ACCMODE
        if ((flags & 3) === 0) continue;
        const name = readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
        writers.push({ pid: Number(pid), name });
        break;
      }
    } catch {
      // It has ended, or belongs to another user.
    }
  }
  return writers;
}

/** Where a file is. Empty when there is no such file. */
export function placeOf(path: string): Place {
  let fd: number;
  try {
    fd = openat2Sync(path, { flags: constants.O_PATH });
  } catch {
    return {};
  }
  try {
    return { mount: mountOf(fd)?.at, kernelFile: addon().kernelFile(fd) > 0 };
  } finally {
    closeSync(fd);
  }
}
