/** `npm run oracle`: see README.md. */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

import { fetchNodeTests } from './fetch-node-tests.js';
import { BOTH } from './helpers.js';
import { runNodeTests, WAYS, type Result, type Way } from './node-tests.js';
import { compare, line, report } from './report.js';
import { run } from './watch.js';
import { Watcher } from './watcher.js';

const usage = `usage: npm run oracle -- node-tests FOLDER [OPTION...]
       npm run oracle -- watch [--strict] [--node=PATH] -- ARGUMENT...
Runs Node's own tests, or one program of Node under both securebits, and prints
each script that no approved file explains. FOLDER is made, with the tests from
Debian's source package in it, unless it is there.
  --node=PATH     the Node to run (this one)
  --way=WAY       plain, preload, both or strict; may be given again (all)
  --only=PATTERN  tests whose names match
  --every=N       one test of N
  --line=MAJOR    the Node whose tests are downloaded (22)
  --strict        refuse strings as well`;

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    node: { type: 'string', default: process.execPath },
    way: { type: 'string', multiple: true, default: [...WAYS] },
    only: { type: 'string', default: '' },
    every: { type: 'string', default: '1' },
    line: { type: 'string', default: '22' },
    strict: { type: 'boolean', default: false },
  },
});
const [command, ...rest] = positionals;
const node = resolve(values.node);
const tell = (text: string): void => void process.stdout.write(`${text}\n`);

async function watchOne(words: readonly string[]): Promise<void> {
  const { strict } = values;
  const watcher = new Watcher(node);
  try {
    const { output, status, signal } = await run({
      words: [watcher.node, ...words],
      bits: BOTH,
      cwd: process.cwd(),
      env: { ...(process.env as Record<string, string>), ...watcher.environment(strict) },
      timeout: 600_000,
    });
    const { scripts, isolates, unwatched, findings } = watcher.take(watcher.files([]), strict);
    tell(output);
    tell(
      `ended with ${signal ?? status ?? '?'}; ${isolates} isolates (${unwatched} without the preload), ` +
        `${scripts} scripts, ${findings.length} findings`,
    );
    for (const found of findings) tell(line(found));
    process.exitCode = findings.length === 0 ? 0 : 1;
  } finally {
    watcher.remove();
  }
}

async function nodeTests(folder: string, ways: readonly Way[]): Promise<void> {
  fetchNodeTests(folder, values.line);
  const only = new RegExp(values.only);
  const results = new Map<Way, Result[]>();
  for (const way of ways) {
    const made = await runNodeTests({ folder, node, way, only, every: Number(values.every) }, tell);
    results.set(way, made);
    tell(report(way, made));
    if (made.some(({ findings }) => findings.length > 0)) process.exitCode = 1;
  }
  const plain = results.get('plain');
  const preload = results.get('preload');
  if (plain !== undefined && preload !== undefined) tell(compare(plain, preload));
}

const isWay = (name: string): name is Way => (WAYS as readonly string[]).includes(name);
const ways = values.way.every(isWay) ? WAYS.filter((way) => values.way.includes(way)) : [];
const [folder] = rest;
if (command === 'watch' && rest.length > 0) {
  await watchOne(rest);
} else if (command === 'node-tests' && folder !== undefined && ways.length > 0) {
  await nodeTests(resolve(folder), ways);
} else {
  process.stderr.write(`${usage}\n`);
  process.exitCode = 2;
}
