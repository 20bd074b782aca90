/** `npm run oracle`: see README.md. */
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

import { fetchNodeTests } from './fetch-node-tests.js';
import { runNodeTests, WAYS, type Way } from './node-tests.js';
import { compare, report } from './report.js';

const usage = `usage: npm run oracle -- node-tests FOLDER [OPTION...]
Runs Node's own tests in each way, and prints what no approved file explains.
FOLDER is made, with the tests from Debian's source package in it, unless it is there.
  --node=PATH     the Node to run (this one)
  --way=WAY       plain, preload, both or strict; may be given again (all)
  --only=PATTERN  tests whose names match
  --every=N       one test of N
  --debian=VERSION  of which line of Node the tests are (22)`;

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    node: { type: 'string', default: process.execPath },
    way: { type: 'string', multiple: true, default: [...WAYS] },
    only: { type: 'string', default: '' },
    every: { type: 'string', default: '1' },
    debian: { type: 'string', default: '22' },
  },
});
const [command, folder] = positionals;
const ways = values.way as Way[];
if (command !== 'node-tests' || folder === undefined || !ways.every((way) => WAYS.includes(way))) {
  process.stderr.write(`${usage}\n`);
  process.exit(2);
}

const tell = (line: string): void => void process.stdout.write(`${line}\n`);
tell(`${availableParallelism()} cores; one test at a time`);
fetchNodeTests(resolve(folder), values.debian);
const tests = {
  folder: resolve(folder),
  node: resolve(values.node),
  only: new RegExp(values.only),
  every: Number(values.every),
};
const results = new Map<Way, Awaited<ReturnType<typeof runNodeTests>>>();
for (const way of ways) {
  const made = await runNodeTests({ ...tests, way }, tell);
  results.set(way, made);
  tell(report(way, made));
}
const plain = results.get('plain');
const preload = results.get('preload');
if (plain !== undefined && preload !== undefined) tell(compare(plain, preload));
