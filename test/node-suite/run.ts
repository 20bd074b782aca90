/** `npm run node-suite`: Node's own tests, plain and with the preload. See README.md. */
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

import { fetchNodeTests } from '../oracle/fetch-node-tests.js';
import { compareAll, report } from './compare.js';
import { testsOf, versionOf } from './node-test.js';
import { WAYS, type Way } from './start.js';

const SUITES = [
  'es-module',
  'module-hooks',
  'sequential',
  'async-hooks',
  'wasi',
  'sqlite',
  'report',
  'abort',
  'parallel',
];

const usage = `usage: npm run node-suite -- FOLDER [OPTION...] [SUITE...]
Compares Node's own tests in plain Node and with the preload, with nothing
enforced. FOLDER is made, with the tests from Debian's source package in it,
unless it is there. A run that was ended goes on where it was.
  --node=PATH     the Node to run (this one)
  --way=WAY       how the preload comes in: ${WAYS.join(', ')} (cli)
  --every=N       one test of N
  --only=PATTERN  tests whose names match
  --again         forget the results so far
Suites: ${SUITES.join(', ')}`;

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    node: { type: 'string', default: process.execPath },
    way: { type: 'string', default: 'cli' },
    every: { type: 'string', default: '1' },
    only: { type: 'string', default: '' },
    again: { type: 'boolean', default: false },
  },
});
const isWay = (name: string): name is Way => (WAYS as readonly string[]).includes(name);
const tell = (text: string): void => void process.stdout.write(`${text}\n`);

async function main(folder: string, way: Way, suites: readonly string[]): Promise<void> {
  const node = resolve(values.node);
  const version = versionOf(node);
  const major = version.slice(0, version.indexOf('.'));
  fetchNodeTests(folder, major);
  const source = join(folder, 'sealed');
  const tests = testsOf(source, suites, new RegExp(values.only), Number(values.every));
  const results = join(folder, 'compared', `${version}-${way}.jsonl`);
  const compared = await compareAll(
    tests,
    node,
    source,
    way,
    results,
    values.again,
    ({ name, output }) => {
      tell(`differs: ${name}\n${output.trimEnd().replaceAll(/^/gm, '    ')}`);
    },
  );
  const { text, unknown } = report(compared, way, Number(major));
  tell(text);
  process.exitCode = unknown === 0 ? 0 : 1;
}

const [folder, ...suites] = positionals;
const { way } = values;
if (folder === undefined || !isWay(way) || suites.some((suite) => !SUITES.includes(suite))) {
  process.stderr.write(`${usage}\n`);
  process.exitCode = 2;
} else {
  await main(resolve(folder), way, suites.length > 0 ? suites : SUITES);
}
