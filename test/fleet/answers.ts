import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

import { formatManifest, parseManifest } from '../../src/cli/manifest/format.js';
import { display, toPath } from '../../src/cli/tree/path.js';

/*
 * The answers of docs/recipes/fleet/*.sql, without a database. A row is a list of texts.
 */

export type Row = readonly (string | null)[];

interface Line {
  readonly time?: string;
  readonly dropped?: number;
  readonly denied?: boolean;
  readonly allowed?: boolean | null;
  readonly wouldDeny?: boolean;
  readonly mechanism?: string;
  readonly [text: string]: unknown;
}

interface Item extends Line {
  readonly sender: string;
  readonly day: string;
  readonly refused: boolean;
  readonly cause: string;
  readonly what: string;
  readonly isCode: boolean;
  /** Beneath the root. */
  readonly place: string | undefined;
}

export interface Settings {
  readonly root: string;
  readonly today: string;
  readonly days: number;
  readonly hosts: number;
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

function dayBefore(day: string, days: number): string {
  return new Date(Date.parse(day) - days * 86_400_000).toISOString().slice(0, 10);
}

function parse(line: string): Line | undefined {
  // DuckDB reads no half of a surrogate pair.
  if (/\\ud[89ab]/.test(line)) return undefined;
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Line)
      : undefined;
  } catch {
    return undefined;
  }
}

function itemOf(line: Line, sender: string, root: string): Item {
  const { gate, option, variable, path, reason, errno, origin, operation } = line;
  const isOption = option !== undefined || variable !== undefined;
  const isStart = operation === 'start';
  const noFile = path !== undefined ? undefined : isStart ? 'start' : 'no-file';
  const about = [text(variable), text(option ?? gate)].filter((word) => word !== '').join(' ');
  return {
    ...line,
    sender,
    day: text(line.time).slice(0, 10),
    refused: line.denied === true || (line.wouldDeny ?? line.allowed !== true),
    cause: text(
      reason ?? (gate !== undefined ? 'gate' : isOption ? 'option' : (noFile ?? errno ?? 'none')),
    ),
    what: text(path) || about || text(origin ?? operation),
    isCode: gate === undefined && !isOption && !text(path).endsWith('.json'),
    place: text(path).startsWith(root) ? text(path).slice(root.length) : undefined,
  };
}

/** One group of records. */
class Group {
  readonly hosts = new Set<string>();
  readonly first: Item;
  records = 0;
  denied = 0;
  since = '9';
  last = '';
  owner: string | undefined;

  constructor(first: Item) {
    this.first = first;
  }

  add(item: Item): void {
    this.hosts.add(item.sender);
    this.records += 1;
    if (item.denied === true) this.denied += 1;
    if (item.day < this.since) this.since = item.day;
    if (item.day > this.last) this.last = item.day;
    const owner = item['package'];
    if (typeof owner === 'string' && !(this.owner !== undefined && this.owner <= owner)) {
      this.owner = owner;
    }
  }

  get example(): string {
    return [...this.hosts].sort()[0] ?? '';
  }
}

class Groups extends Map<string, Group> {
  put(key: readonly unknown[], item: Item): void {
    const name = JSON.stringify(key);
    let group = this.get(name);
    if (group === undefined) this.set(name, (group = new Group(item)));
    group.add(item);
  }
}

/** Everything that the answers need, kept while the logs go by. */
export class Answers {
  lines = 0;
  readonly #refused = new Groups();
  readonly #code = new Groups();
  readonly #recent = new Groups();
  readonly #refusals = new Groups();
  readonly #today = new Groups();
  readonly #senders = new Map<
    string,
    { lost: number; refusals: number; unasked: number; days: Set<string> }
  >();
  #lost = 0;
  readonly #approved: ReadonlyMap<string, string>;
  readonly #contents: ReadonlySet<string>;
  readonly #settings: Settings;

  constructor(directory: string, settings: Settings) {
    this.#settings = settings;
    const { files } = parseManifest(readFileSync(join(directory, 'app.mayexec.json')));
    this.#approved = new Map(files.map(({ path, sha256 }) => [display(path), sha256]));
    this.#contents = new Set(this.#approved.values());
    for (const host of readdirSync(join(directory, 'logs'))) {
      for (const name of readdirSync(join(directory, 'logs', host))) {
        const bytes = readFileSync(join(directory, 'logs', host, name));
        const whole = (name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString();
        for (const line of whole.split('\n')) if (line !== '') this.#take(line, host);
      }
    }
  }

  #take(source: string, sender: string): void {
    this.lines += 1;
    const { root, today, days } = this.#settings;
    let host = this.#senders.get(sender);
    if (host === undefined) {
      this.#senders.set(sender, (host = { lost: 0, refusals: 0, unasked: 0, days: new Set() }));
    }
    const line = parse(source);
    const isRecord = typeof line?.denied === 'boolean' && line.time !== undefined;
    if (!isRecord) {
      const lost = Math.max(line?.dropped ?? 1, 1);
      host.lost += lost;
      this.#lost += lost;
      return;
    }
    const item = itemOf(line, sender, root);
    const isRecent = item.day > dayBefore(today, days);
    host.days.add(item.day);
    const sha256 = text(item['sha256']);
    if (item.isCode) {
      this.#code.put([item.what, sha256, item['package']], item);
      if (isRecent && item.place !== undefined) {
        this.#recent.put([item.place, item['sha256']], item);
      }
      const isAsked = ['at_execve_check', 'o_mayexec'].includes(text(item.mechanism));
      const cannot = item.allowed === null || !isAsked;
      if (isRecent && item['path'] !== undefined && cannot) host.unasked += 1;
    }
    if (!item.refused) return;
    if (isRecent) host.refusals += 1;
    this.#refused.put([item['package'], item.cause, item.what], item);
    this.#refusals.put([item.cause, item.what], item);
    if (item.day === today) this.#today.put([item.cause], item);
  }

  refused(): Row[] {
    return [...this.#refused.values()].map((group) => [
      text(group.first['package']),
      group.first.cause,
      group.first.what,
      String(group.hosts.size),
      group.example,
      String(group.records),
      String(group.denied),
      group.since,
      group.last,
    ]);
  }

  ready(): Row[] {
    const { today, days } = this.#settings;
    return [...this.#senders].map(([name, { lost, refusals, unasked, days: seen }]) => {
      const all = [...seen].sort();
      const last = all.filter((day) => day <= today).at(-1);
      const since = all[0] ?? '';
      let state = 'ready';
      if (since > dayBefore(today, days - 1)) state = 'too new';
      if (last === undefined || last < dayBefore(today, 1)) state = 'silent';
      if (unasked > 0) state = 'kernel cannot be asked';
      if (lost > 0 || all.some((day) => day > today)) state = 'lines lost';
      if (refusals > 0) state = 'refusals';
      return [name, state, String(refusals), since, last ?? null];
    });
  }

  #isApproved({ place, sha256 }: Item): boolean {
    if (place === undefined || sha256 === undefined) return false;
    return this.#approved.get(place) === sha256;
  }

  #stateOf({ path, place, sha256 }: Item): string {
    if (path === undefined) return 'no file';
    if (place === undefined) return 'outside';
    if (sha256 === undefined) return 'no hash';
    if (this.#approved.has(place)) return 'changed';
    return this.#contents.has(text(sha256)) ? 'renamed' : 'new';
  }

  unapproved(): Row[] {
    const groups = [...this.#code.values()].filter(({ first }) => !this.#isApproved(first));
    return groups.map((group) => [
      this.#stateOf(group.first),
      text(group.first['package']),
      group.first.what,
      text(group.first['sha256']),
      String(group.hosts.size),
      group.example,
      group.since,
      group.last,
    ]);
  }

  changed(): Row[] {
    const { today } = this.#settings;
    const yesterday = dayBefore(today, 1);
    const rows: Row[] = [];
    for (const { first, since, hosts } of this.#code.values()) {
      if (since !== today) continue;
      rows.push(['new code', first.what, text(first['sha256']), String(hosts.size)]);
    }
    for (const { first, since, last, hosts } of this.#refusals.values()) {
      const row = [first.what, first.cause, String(hosts.size)];
      if (since === today) rows.push(['new refusal', ...row]);
      if (last === yesterday) rows.push(['refused no more', ...row]);
    }
    for (const [name, { days }] of this.#senders) {
      const all = [...days].sort();
      if (all[0] === today) rows.push(['new host', name, '', '1']);
      if (all.at(-1) === yesterday) rows.push(['silent host', name, '', '1']);
    }
    return rows;
  }

  candidates(): Row[] {
    const recent = [...this.#recent.values()].filter(
      ({ first }) => first['sha256'] !== undefined && !this.#isApproved(first),
    );
    const places = new Map<string | undefined, number>();
    for (const { first } of recent) places.set(first.place, (places.get(first.place) ?? 0) + 1);
    return recent.map((group) => {
      const { place = '' } = group.first;
      let advice = this.#approved.has(place) ? 'replace' : 'add';
      if (group.hosts.size < this.#settings.hosts) advice = 'decide: few hosts';
      if ((places.get(place) ?? 0) > 1) advice = 'decide: several contents';
      return [
        advice,
        group.owner ?? '',
        place,
        text(group.first['sha256']),
        String(group.hosts.size),
        group.since,
      ];
    });
  }

  manifest(): Row[] {
    const places = new Map<string, Group[]>();
    for (const group of this.#recent.values()) {
      const { place = '' } = group.first;
      places.set(place, [...(places.get(place) ?? []), group]);
    }
    const files = [...places].flatMap(([place, groups]) => {
      const hashed = groups.filter(({ first }) => first['sha256'] !== undefined);
      const [only] = hashed;
      const hosts = new Set(groups.flatMap((group) => [...group.hosts]));
      const isEnough = hosts.size >= this.#settings.hosts;
      if (only === undefined || hashed.length > 1 || !isEnough || place.includes('\ufffd')) {
        return [];
      }
      const owner = only.owner === undefined ? {} : { package: only.owner };
      const sha256 = text(only.first['sha256']);
      return [{ path: toPath(place), sha256, executable: false, ...owner }];
    });
    files.sort((a, b) => (a.path < b.path ? -1 : 1));
    return [[formatManifest({ extensions: [], files }).trimEnd()]];
  }

  prometheus(): Row[] {
    const causes = [...this.#today.values()].sort((a, b) =>
      a.first.cause < b.first.cause ? -1 : 1,
    );
    return [
      '# HELP mayexec_refusals Verdicts of today that refuse, or would.',
      '# TYPE mayexec_refusals gauge',
      ...causes.map(({ first, records }) => `mayexec_refusals{reason="${first.cause}"} ${records}`),
      '# HELP mayexec_refusing_hosts Hosts with such verdicts today.',
      '# TYPE mayexec_refusing_hosts gauge',
      ...causes.map(
        ({ first, hosts }) => `mayexec_refusing_hosts{reason="${first.cause}"} ${hosts.size}`,
      ),
      '# HELP mayexec_lost_verdicts Verdicts that are missing from the logs.',
      '# TYPE mayexec_lost_verdicts gauge',
      `mayexec_lost_verdicts ${this.#lost}`,
    ].map((line) => [line]);
  }
}
