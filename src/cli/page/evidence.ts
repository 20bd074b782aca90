import { subjectOf } from '../explain-logs.js';
import { causeIn, packageIn, type AuditLine } from '../read-audit-log.js';
import { Names, Pairs } from './bounded.js';

/** A file, or what else a record is about. */
export interface Subject {
  readonly what: string;
  readonly isFile: boolean;
  readonly package: string;
  /** How many records refuse it, and when: the days are numbers since 1970. */
  times: number;
  firstDay: number;
  lastDay: number;
}

/** What would be refused still, for one cause. */
export interface Refusal {
  readonly subject: Subject;
  readonly cause: string;
  /** On how many hosts, and one of them. */
  hosts: number;
  readonly host: string;
}

export interface Host {
  readonly name: string;
  records: number;
  firstDay: number;
  lastDay: number;
  /** Code about which its kernel could not be asked. */
  unasked: number;
  /** How much it would refuse still. */
  open: number;
}

/** What a day's records say. */
export interface Day {
  readonly causes: Map<string, number>;
  hosts: number;
  refusingHosts: number;
}

export const DAY_MS = 86_400_000;
/** The check is younger. */
const EARLIEST = Date.UTC(2020, 0) / DAY_MS;
/** No field that is kept is longer. The writer cuts paths at 4,096. */
const LONGEST = 4096;
/** More than there can be causes. 0 is none: it was allowed. */
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

/** What the records of many logs say together, in bounded memory. */
export class Evidence {
  records = 0;
  /** Records whose date is none, or lies in the future. */
  misdated = 0;
  /** Records about more than there is room for. */
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
  /** When a host last asked about a subject, times CAUSES, plus the cause of a refusal. */
  readonly #latest: Pairs;
  readonly #subjectDays: Pairs;
  readonly #hostDays: Pairs;

  /** Leaves out what was recorded before the day `since`. `limits` are for tests. */
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
    const refused = line.denied || line.wouldDeny === true;
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
    // What has no date was refused after everything, and allowed before it.
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

  /** What would be refused still: the last record of a host about it refuses it. Call it once. */
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

  /** Counts each subject once a day, with the cause that comes first. */
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

/** JSON is data, and options, variables and gates are no question to the kernel. */
function isUnasked(line: AuditLine, refused: boolean): boolean {
  const { path, allowed, mechanism = '', gate, option, variable } = line;
  if (path === undefined || path.endsWith('.json')) return false;
  if (gate !== undefined || option !== undefined || variable !== undefined) return false;
  // Code in an archive is refused without a question.
  return allowed === null || (!refused && !KERNEL.includes(mechanism));
}
