import { describeErrno } from '../../errno.js';
import type { DenialReason } from '../../verdict.js';
import type { Refused } from './findings.js';
import { display, pathsOf, type TreeRecord } from '../tree-records.js';

/** What a scan finds, put together as it comes: by package, reason and errno. */
export class Refusals {
  readonly #groups = new Map<string, Group[]>();

  /** Files of a package: those of a record, or one by its path. An errno is negative, or a name. */
  add(
    owner: string,
    errno: number | string,
    reason: DenialReason,
    files: TreeRecord | string,
  ): void {
    const groups = this.#groups.get(owner);
    let group = groups?.find((one) => one.reason === reason && one.given === errno);
    if (group === undefined) {
      group = new Group(owner, reason, errno);
      if (groups === undefined) this.#groups.set(owner, [group]);
      else groups.push(group);
    }
    group.add(files);
  }

  all(): Refused[] {
    return [...this.#groups.values()].flat();
  }
}

class Group implements Refused {
  readonly package: string;
  readonly reason: DenialReason;
  /** The errno as it was given. */
  readonly given: number | string;
  count = 0;
  readonly #files: (TreeRecord | string)[] = [];

  constructor(owner: string, reason: DenialReason, given: number | string) {
    this.package = owner;
    this.reason = reason;
    this.given = given;
  }

  /** Looked up when it is asked for: the table of all of them takes time to make. */
  get errno(): string {
    return typeof this.given === 'string' ? this.given : describeErrno(this.given).code;
  }

  add(files: TreeRecord | string): void {
    this.#files.push(files);
    this.count += typeof files === 'string' ? 1 : files.count;
  }

  paths(): string[] {
    return this.#files.flatMap((one) =>
      typeof one === 'string' ? [one] : pathsOf(one).map(display),
    );
  }
}
