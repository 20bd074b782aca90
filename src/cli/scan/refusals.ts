import { describeErrno } from '../../errno.js';
import type { DenialReason } from '../../verdict.js';
import type { Refused } from './findings.js';
import { display, pathsOf, type TreeRecord } from '../tree-records.js';

/** What a scan finds, put together as it comes: by package, reason and errno. */
export class Refusals {
  readonly #groups = new Map<string, Group[]>();

  /** Files of a package: those of a record, or one by its path. */
  add(owner: string, result: number, reason: DenialReason, files: TreeRecord | string): void {
    const groups = this.#groups.get(owner);
    let group = groups?.find((one) => one.reason === reason && one.result === result);
    if (group === undefined) {
      group = new Group(owner, reason, result);
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
  /** The negative errno. */
  readonly result: number;
  count = 0;
  readonly #files: (TreeRecord | string)[] = [];

  constructor(owner: string, reason: DenialReason, result: number) {
    this.package = owner;
    this.reason = reason;
    this.result = result;
  }

  get errno(): string {
    return describeErrno(this.result).code;
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
