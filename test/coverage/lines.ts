import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { relative, resolve } from 'node:path';

/** What is counted: files by their paths in the checkout. */
const COUNTED = /^(src\/.*\.ts|native\/.*\.(c|cc|h))$/;

const percent = (part: number, whole: number): string =>
  whole === 0 ? '-' : `${((100 * part) / whole).toFixed(1)} %`;

/** Numbers as ranges: 1-3, 7. */
function ranges(numbers: readonly number[]): string {
  const found: [number, number][] = [];
  for (const number of numbers) {
    const last = found.at(-1);
    if (last?.[1] === number - 1) last[1] = number;
    else found.push([number, number]);
  }
  return found.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(', ');
}

/** For each file, which of its lines have code, and whether some test ran them. */
export class Lines {
  readonly #files = new Map<string, Map<number, boolean>>();

  static read(file: string): Lines {
    const lines = new Lines();
    if (!existsSync(file)) return lines;
    const saved = JSON.parse(readFileSync(file, 'utf8')) as [string, [number, boolean][]][];
    for (const [path, of] of saved) lines.#files.set(path, new Map(of));
    return lines;
  }

  write(file: string): void {
    const saved = [...this.#files].map(([path, of]) => [path, [...of]]);
    writeFileSync(file, JSON.stringify(saved));
  }

  add(path: string, line: number, ran: boolean): void {
    if (!COUNTED.test(path)) return;
    const of = this.#files.get(path) ?? new Map<number, boolean>();
    this.#files.set(path, of);
    of.set(line, ran || of.get(line) === true);
  }

  /** Says which lines of a file have code, whatever the tools think. */
  setCode(path: string, code: ReadonlySet<number>): void {
    const of = this.#files.get(path);
    this.#files.set(path, new Map([...code].map((line) => [line, of?.get(line) === true])));
  }

  /** Adds a report in lcov's format, whose paths begin at `root`. */
  addLcov(report: string, root: string): void {
    let path = '';
    for (const record of report.split('\n')) {
      if (record.startsWith('SF:')) path = relative(root, resolve(root, record.slice(3)));
      const [, line, count] = /^DA:(\d+),(\d+)/.exec(record) ?? [];
      if (line !== undefined) this.add(path, Number(line), Number(count) > 0);
    }
  }

  /** A line for each folder, and with `missed` for each file with lines that nothing ran. */
  report(missed: boolean): string {
    const folders = new Map<string, { ran: number; all: number }>();
    const found: string[] = [];
    for (const [path, of] of [...this.#files].sort(([one], [other]) => (one < other ? -1 : 1))) {
      const ran = [...of.values()].filter(Boolean).length;
      const folder = path.split('/').slice(0, -1).slice(0, 2).join('/');
      for (const name of new Set([folder, folder.split('/')[0] ?? ''])) {
        const sum = folders.get(name) ?? { ran: 0, all: 0 };
        folders.set(name, { ran: sum.ran + ran, all: sum.all + of.size });
      }
      const not = [...of].filter(([, did]) => !did).map(([line]) => line);
      if (missed && not.length > 0)
        found.push(`${path} ${percent(ran, of.size)}: ${ranges(not.sort((a, b) => a - b))}`);
    }
    const sums = [...folders].sort(([one], [other]) => (one < other ? -1 : 1));
    return [
      ...found,
      ...sums.map(
        ([name, { ran, all }]) => `${name}: ${ran} of ${all} lines, ${percent(ran, all)}`,
      ),
    ].join('\n');
  }
}
