import { causeIn, isRefusal, packageIn, type AuditLine } from '../audit-line.js';
import { subjectOf } from '../explain-logs.js';
import { Names, Pairs } from './bounded.js';

/** The file, or other thing, that a record is about. */
export interface Subject {
  readonly what: string;
  readonly isFile: boolean;
  readonly package: string;
  /** How many records refuse it, and on which days. Days are counted from 1970. */
  times: number;
  firstDay: number;
  lastDay: number;
}

/** A subject that would still be refused, and the cause. */
export interface Refusal {
  readonly subject: Subject;
  readonly cause: string;
  /** The number of hosts. `host` is one of them. */
  hosts: number;
  readonly host: string;
}

export interface Host {
  readonly name: string;
  records: number;
  firstDay: number;
  lastDay: number;
  /** How many records are about code that its kernel could not check. */
  unasked: number;
  /** How many subjects it would still refuse. */
  open: number;
}

/** The totals of one day. */
export interface Day {
  readonly causes: Map<string, number>;
  hosts: number;
  refusingHosts: number;
}

export const DAY_MS = 86_400_000;
/** No record is older than this. */
const EARLIEST = Date.UTC(2020, 0) / DAY_MS;
/** Longer fields are cut off. The writer cuts off paths at the same length. */
const LONGEST = 4096;
/** More than there can be causes. Cause 0 means that the subject was allowed. */
const CAUSES = 256;
const OTHER = 200;
export const LIMITS = {
  subjects: 200_000,
  hosts: 50_000,
  causes: OTHER,
  programs: 1000,
  characters: 1 << 26,
  pairs: 3_000_000,
};
const KERNEL = ['at_execve_check', 'o_mayexec'];

const cut = (text: string): string => (text.length > LONGEST ? text.slice(0, LONGEST) : text);

/** Sums up the records of many logs, in bounded memory. */
export class Evidence {
  records = 0;
  /** Records with no date, or with one in the future. */
  misdated = 0;
  /** Records about subjects or hosts beyond the limits. */
  beyond = 0;
  beyondRefused = 0;
  readonly subjects: Subject[] = [];
  readonly hosts: Host[] = [];
  readonly days = new Map<number, Day>();
  readonly programs = new Map<string, number>();
  readonly #options: { readonly tomorrow: number; readonly since: number };
  readonly #names: Names;
  readonly #hostNames: Names;
  readonly #causes = new Names(LIMITS.causes, LIMITS.characters);
  /** For each subject and host: the time of the last record, times CAUSES, plus its cause. */
  readonly #latest: Pairs;
  readonly #subjectDays: Pairs;
  readonly #hostDays: Pairs;

  /** Ignores records from before the day `since`. `limits` are for tests. */
  constructor({
    now = Date.now(),
    since = 0,
    limits = LIMITS,
  }: { now?: number; since?: number; limits?: typeof LIMITS } = {}) {
    this.#options = { tomorrow: Math.floor(now / DAY_MS) + 1, since };
    this.#names = new Names(limits.subjects, limits.characters);
    this.#hostNames = new Names(limits.hosts, limits.characters);
    this.#latest = new Pairs(limits.pairs);
    this.#subjectDays = new Pairs(limits.pairs);
    this.#hostDays = new Pairs(limits.pairs);
  }

  add(line: AuditLine, hostName = line.host ?? '(no name)'): void {
    const { tomorrow, since } = this.#options;
    const time = Date.parse(line.time ?? '');
    const day = Math.floor(time / DAY_MS);
    const isDated = day >= EARLIEST && day <= tomorrow;
    if (isDated && day < since) return;
    this.records += 1;
    if (!isDated) this.misdated += 1;
    const refused = isRefusal(line);
    const hostNumber = this.#hostNames.of(cut(hostName));
    const subjectNumber = this.#names.of(cut(subjectOf(line)));
    if (hostNumber === undefined || subjectNumber === undefined) {
      this.#tooMany(refused);
      return;
    }
    const host = (this.hosts[hostNumber] ??= {
      name: this.#hostNames.text(hostNumber),
      records: 0,
      firstDay: Infinity,
      lastDay: -Infinity,
      unasked: 0,
      open: 0,
    });
    host.records += 1;
    if (isUnasked(line, refused)) host.unasked += 1;
    const subject = (this.subjects[subjectNumber] ??= {
      what: this.#names.text(subjectNumber),
      isFile: line.path !== undefined,
      package: cut(packageIn(line)),
      times: 0,
      firstDay: Infinity,
      lastDay: -Infinity,
    });
    const cause = refused ? 1 + (this.#causes.of(cut(causeIn(line))) ?? OTHER) : 0;
    // Without a date, count a refusal as the last record and a permission as the first.
    const at = isDated ? time : refused ? tomorrow * DAY_MS : 1;
    if (!this.#note(subjectNumber, hostNumber, at, cause)) this.#tooMany(refused);
    if (isDated) this.#addDay(day, host, hostNumber, refused);
    if (line.program !== undefined) this.#addProgram(cut(line.program));
    if (!refused) return;
    subject.times += 1;
    if (!isDated) return;
    subject.firstDay = Math.min(subject.firstDay, day);
    subject.lastDay = Math.max(subject.lastDay, day);
    this.#addCause(day, subjectNumber, cause);
  }

  /**
   * The subjects that would still be refused: a host's last record about them is a refusal. Call
   * this only once.
   */
  refusals(): Refusal[] {
    const found = new Map<number, Refusal>();
    for (const [subjectNumber, hostNumber, value] of this.#latest) {
      const cause = value % CAUSES;
      const subject = this.subjects[subjectNumber];
      const host = this.hosts[hostNumber];
      if (cause === 0 || subject === undefined || host === undefined) continue;
      host.open += 1;
      const key = subjectNumber * CAUSES + cause;
      const before = found.get(key);
      if (before !== undefined) before.hosts += 1;
      else {
        found.set(key, { subject, cause: this.#causeName(cause), hosts: 1, host: host.name });
      }
    }
    return [...found.values()];
  }

  #causeName(cause: number): string {
    return cause === 1 + OTHER ? 'other' : this.#causes.text(cause - 1);
  }

  #tooMany(refused: boolean): void {
    this.beyond += 1;
    if (refused) this.beyondRefused += 1;
  }

  #note(subject: number, host: number, at: number, cause: number): boolean {
    const before = this.#latest.get(subject, host) ?? 0;
    const earlier = Math.floor(before / CAUSES);
    if (at < earlier || (at === earlier && cause === 0)) return true;
    return this.#latest.set(subject, host, at * CAUSES + cause);
  }

  #addDay(number: number, host: Host, hostNumber: number, refused: boolean): void {
    let day = this.days.get(number);
    if (day === undefined) {
      day = { causes: new Map(), hosts: 0, refusingHosts: 0 };
      this.days.set(number, day);
    }
    if (number < host.firstDay) host.firstDay = number;
    if (number > host.lastDay) host.lastDay = number;
    const before = this.#hostDays.get(number, hostNumber);
    if (before === 1 || (before === 0 && !refused)) return;
    if (!this.#hostDays.set(number, hostNumber, Number(refused))) return;
    if (before === undefined) day.hosts += 1;
    if (refused) day.refusingHosts += 1;
  }

  /** Counts each subject once a day, with its first cause of that day. */
  #addCause(number: number, subject: number, cause: number): void {
    if (this.#subjectDays.get(number, subject) !== undefined) return;
    if (!this.#subjectDays.set(number, subject, cause)) return;
    const name = this.#causeName(cause);
    const causes = this.days.get(number)?.causes;
    causes?.set(name, (causes.get(name) ?? 0) + 1);
  }

  #addProgram(program: string): void {
    const times = this.programs.get(program);
    if (times === undefined && this.programs.size >= LIMITS.programs) return;
    this.programs.set(program, (times ?? 0) + 1);
  }
}

/**
 * Whether the kernel should have checked the subject and could not. It is never asked about JSON,
 * which is data, nor about options, variables and gates.
 */
function isUnasked(line: AuditLine, refused: boolean): boolean {
  const { path, allowed, mechanism = '', gate, option, variable } = line;
  if (path === undefined || path.endsWith('.json')) return false;
  if (gate !== undefined || option !== undefined || variable !== undefined) return false;
  // Code in an archive is refused without a check.
  return allowed === null || (!refused && !KERNEL.includes(mechanism));
}
