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

export interface Code {
  readonly line: number;
  /** The line on which another tool may say that it ran. */
  readonly alsoAs?: number;
  /** Whether it is the result of the function that begins on the other line. */
  readonly result?: boolean;
}

interface Counted {
  /** The lines that have code, and whether some test ran them. */
  readonly lines: Map<number, boolean>;
  /** The lines on which a function begins that some test called. */
  readonly called: Set<number>;
}

type Saved = [path: string, lines: [number, boolean][], called: number[]][];

/** What the tests ran of each file. */
export class Lines {
  readonly #files = new Map<string, Counted>();

  static read(file: string): Lines {
    const lines = new Lines();
    if (!existsSync(file)) return lines;
    for (const [path, of, called] of JSON.parse(readFileSync(file, 'utf8')) as Saved)
      lines.#files.set(path, { lines: new Map(of), called: new Set(called) });
    return lines;
  }

  write(file: string): void {
    const saved = [...this.#files].map(([path, of]) => [path, [...of.lines], [...of.called]]);
    writeFileSync(file, JSON.stringify(saved));
  }

  #of(path: string): Counted {
    const of = this.#files.get(path) ?? { lines: new Map(), called: new Set() };
    this.#files.set(path, of);
    return of;
  }

  /** Says which lines of a file have code, whatever the tools think. */
  setCode(path: string, code: readonly Code[]): void {
    const { lines, called } = this.#of(path);
    const of = new Map<number, boolean>();
    for (const { line, alsoAs = line, result = false } of code) {
      const elsewhere = result ? called.has(alsoAs) : lines.get(alsoAs) === true;
      of.set(line, of.get(line) === true || lines.get(line) === true || elsewhere);
    }
    this.#files.set(path, { lines: of, called });
  }

  /** Adds a report in lcov's format, whose paths begin at `root`. */
  addLcov(report: string, root: string): void {
    let of: Counted | undefined;
    const functions = new Map<string, number>();
    for (const record of report.split('\n')) {
      const [kind = '', value = ''] = record.split(/:(.*)/s);
      const [first = '', second = ''] = value.split(/,(.*)/s);
      if (kind === 'SF') {
        const path = relative(root, resolve(root, value));
        of = COUNTED.test(path) ? this.#of(path) : undefined;
        functions.clear();
      } else if (kind === 'FN') functions.set(second, Number(first));
      else if (kind === 'FNDA' && Number(first) > 0) of?.called.add(functions.get(second) ?? 0);
      else if (kind === 'DA') {
        const ran = parseInt(second, 10) > 0 || of?.lines.get(Number(first)) === true;
        of?.lines.set(Number(first), ran);
      }
    }
  }

  /** A line for each folder, and with `missed` for each file with lines that nothing ran. */
  report(missed: boolean): string {
    const folders = new Map<string, { ran: number; all: number }>();
    const found: string[] = [];
    const files = [...this.#files].sort(([one], [other]) => (one < other ? -1 : 1));
    for (const [path, { lines: of }] of files) {
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
