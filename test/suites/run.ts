/** `npm run suites`: the tests of other packages, plain and with the preload. See README.md. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

import { versionOf } from '../node-suite/node-test.js';
import { copyPackage, startBy, WAYS, type Way } from '../node-suite/start.js';
import { compareSuite } from './compare.js';
import { suites, type Suite } from './packages.js';

const usage = `usage: npm run suites -- FOLDER [OPTION...] [NAME...]
Compares the tests of other packages in plain Node and with the preload, with
nothing enforced. FOLDER/NAME is the tree of that package's sources.
  --node=PATH     the Node to run (this one)
  --way=WAY       how the preload comes in: ${WAYS.join(', ')} (run)
  --only=PATTERN  files of tests whose names match
Names: ${suites.map(({ name }) => name).join(', ')}`;

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    node: { type: 'string', default: process.execPath },
    way: { type: 'string', default: 'run' },
    only: { type: 'string', default: '' },
  },
});
const isWay = (name: string): name is Way => (WAYS as readonly string[]).includes(name);
const tell = (text: string): void => void process.stdout.write(`${text}\n`);

/** Why a suite cannot be run. Its dependencies are installed by npm, without any script of theirs. */
function missing({ built }: Suite, folder: string): string | undefined {
  if (!existsSync(folder)) return `there is no ${folder}`;
  if (!existsSync(join(folder, 'node_modules'))) {
    const words = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock'];
    execFileSync('npm', words, { cwd: folder, stdio: 'inherit' });
  }
  return built === undefined || existsSync(join(folder, built))
    ? undefined
    : `${folder} is not built: there is no ${built}`;
}

async function main(folder: string, way: Way, wanted: readonly Suite[]): Promise<void> {
  const node = resolve(values.node);
  const own = mkdtempSync(join(tmpdir(), 'mayexec-suites-package-'));
  const preload = startBy(way, copyPackage(own));
  tell(`Node ${versionOf(node)}, ${way}`);
  try {
    for (const suite of wanted) {
      const tree = join(folder, suite.name);
      const why = missing(suite, tree);
      if (why !== undefined) {
        tell(`${suite.name}: not run, since ${why}`);
        process.exitCode = 1;
        continue;
      }
      const { tests, passPlain, differing } = await compareSuite(
        suite,
        tree,
        new RegExp(values.only),
        node,
        preload,
      );
      if (tests === 0 || differing.length > 0) process.exitCode = 1;
      tell(
        `${suite.name}: ${tests} tests, ${passPlain} pass plain, ${differing.length} of them differ`,
      );
      for (const { test, output } of differing)
        tell(`  ${test}\n${output.trimEnd().replaceAll(/^/gm, '    ')}`);
    }
  } finally {
    rmSync(own, { recursive: true });
  }
}

const [folder, ...names] = positionals;
const { way } = values;
const wanted = suites.filter(({ name }) => names.length === 0 || names.includes(name));
if (folder === undefined || !isWay(way) || wanted.length < names.length) {
  process.stderr.write(`${usage}\n`);
  process.exitCode = 2;
} else {
  await main(resolve(folder), way, wanted);
}
