import type { Classified } from './classify.js';
import type { Finding, Result, Way } from './node-tests.js';

/** Findings that are one way: the same origin, from the same place, of the same kind of name. */
function kindOf({ origin, url, by }: Finding): string {
  const name = url
    .replace(/\d+/g, 'N')
    .replace(/^file:.*\//, 'file:…/')
    .replace(/^\/.*\//, '…/');
  return `${origin} | by ${by.replace(/^.*\//, '') || 'nothing'} | ${name.slice(0, 60)}`;
}

/** One script that nothing explains. */
export function line({ origin, paths, record }: Classified): string {
  const { url = '', text = '', stack = '' } = record;
  const caller = stack
    .split('\n')
    .slice(1)
    .find((frame) => !/register\.cjs|node:inspector/.test(frame));
  return `${origin}: ${url || '(no name)'} ${paths.join(' ')}\n  ${JSON.stringify(text.slice(0, 200))}\n  ${caller?.trim() ?? ''}`;
}

/** What was watched, and each kind of finding with the tests that it was found in. */
export function report(way: Way, results: readonly Result[]): string {
  const sum = (of: (result: Result) => number): number =>
    results.reduce((total, result) => total + of(result), 0);
  const lines = [
    `${way}: ${results.length} tests, ${sum(({ passed }) => Number(passed))} passed, ` +
      `${sum(({ isolates }) => isolates)} isolates (${sum(({ unwatched }) => unwatched)} without the preload), ` +
      `${sum(({ scripts }) => scripts)} scripts, ` +
      `${sum(({ findings }) => findings.length)} findings`,
  ];
  const kinds = new Map<string, { tests: Set<string>; sample: Finding }>();
  for (const { test, findings } of results) {
    for (const found of findings) {
      const kind = kindOf(found);
      const known = kinds.get(kind) ?? { tests: new Set(), sample: found };
      known.tests.add(test);
      kinds.set(kind, known);
    }
  }
  for (const [kind, { tests, sample }] of [...kinds].sort(
    (a, b) => b[1].tests.size - a[1].tests.size,
  )) {
    lines.push(`  ${kind}`, `    in ${tests.size}: ${[...tests].slice(0, 4).join(' ')}`);
    lines.push(`    started with: ${sample.start.slice(0, 160)}`);
    if (sample.text !== '') lines.push(`    text: ${JSON.stringify(sample.text.slice(0, 160))}`);
  }
  return lines.join('\n');
}

/** What passes in plain Node and not with the preload, with nothing enforced. */
export function compare(plain: readonly Result[], preload: readonly Result[]): string {
  const passed = new Set(plain.filter((result) => result.passed).map(({ test }) => test));
  const both = preload.filter(({ test }) => passed.has(test));
  const differs = both.filter((result) => !result.passed);
  return [
    `with the preload, nothing enforced: ${both.length - differs.length} of ${both.length} that pass in plain Node`,
    ...differs.map(({ test, status, output }) => {
      const line = output.split('\n').find((text) => /Error|mayexec/.test(text)) ?? '';
      return `  ${test} (${status ?? '?'}): ${line.trim().slice(0, 160)}`;
    }),
  ].join('\n');
}
