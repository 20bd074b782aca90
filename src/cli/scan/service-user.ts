import { spawnSync } from 'node:child_process';

/** The user that a service runs as. */
export interface ServiceUser {
  readonly uid: number;
  readonly gid: number;
  readonly groups: readonly number[];
}

/** The user cannot be asked about. */
export class UserError extends Error {
  readonly syscall = 'user';
}

/** The numbers that id(1) prints. Undefined when it knows no such user. */
function idOf(what: '-u' | '-g' | '-G', user: string): number[] | undefined {
  const { status, stdout } = spawnSync('id', [what, '--', user], { encoding: 'utf8' });
  return status === 0 ? stdout.trim().split(/\s+/).map(Number) : undefined;
}

/** The user by name, by number, or by UID:GID where the system does not know the user. */
function userBy(given: string): ServiceUser {
  const [, uid, gid] = /^(\d+):(\d+)$/.exec(given) ?? [];
  if (uid !== undefined && gid !== undefined)
    return { uid: Number(uid), gid: Number(gid), groups: [Number(gid)] };
  const [known] = idOf('-u', given) ?? [];
  const [group] = idOf('-g', given) ?? [];
  const groups = idOf('-G', given);
  if (known === undefined || group === undefined || groups === undefined) {
    throw new UserError(
      `--user ${given}: the system knows no such user. Write UID:GID for one of a container`,
    );
  }
  return { uid: known, gid: group, groups };
}

/**
 * Becomes the user for the rest of the process, so that the kernel answers for that user: modes,
 * access control lists, mounts. Without a name the present user stays. Throws an error with the
 * reason when that is not possible.
 */
export function becomeUser(given: string | undefined): ServiceUser {
  if (given !== undefined) {
    const user = userBy(given);
    if (user.uid !== process.getuid?.()) {
      process.setgroups?.([...user.groups]);
      process.setgid?.(user.gid);
      process.setuid?.(user.uid);
    }
  }
  const uid = process.getuid?.() ?? 0;
  if (uid === 0) {
    throw new UserError(
      '--wx is about the user of a service, and root may change every file. Name that one by --user',
    );
  }
  return { uid, gid: process.getgid?.() ?? 0, groups: process.getgroups?.() ?? [] };
}
