/**
 * One process may hold several copies of mayexec: the preload, the package and a second
 * installation. A restriction by one copy binds the checks of all, also on threads that are older.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { describe, expect } from 'vitest';

import { preload } from './support/built.js';
import { MAJORS, nodeBinary } from './preload/versions.js';
import { needs } from './support/kernel.js';
import { sandbox } from './support/sandbox.js';

const box = sandbox();
const repository = fileURLToPath(new URL('..', import.meta.url));
for (const copy of ['one', 'other']) {
  for (const part of ['dist', 'build/Release', 'package.json']) {
    cpSync(`${repository}/${part}`, box.path(`${copy}/${part}`), { recursive: true });
  }
}
const program = box.path('restricted-copies.mjs');
cpSync(fileURLToPath(new URL('programs/restricted-copies.mjs', import.meta.url)), program);
// Under the preload all of it has to be executable.
execFileSync('chmod', ['-R', '755', box.dir]);
const packages = [box.path('one'), box.path('other')].map(
  (root) => pathToFileURL(`${root}/dist/index.js`).href,
);
for (const directory of ['inside', 'outside']) {
  box.directory(directory);
  box.file(`${directory}/script.cjs`, 0o755, 'module.exports = 42');
}

interface Outcome {
  readonly before: readonly string[];
  readonly after: readonly string[];
}

function run(way: string, node: string, args: readonly string[] = [], uid = 0): Outcome {
  const { stdout, stderr } = spawnSync(node, [...args, program, way, box.dir, ...packages], {
    encoding: 'utf8',
    uid,
    gid: uid,
    env: { ...process.env, ...(args.length > 0 ? { MAYEXEC_ENFORCE: '1' } : {}) },
  });
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as Outcome;
}

describe('restrictExec by one copy of the package', () => {
  for (const way of [
    'checkExecSync',
    'checkExec',
    'openMayExecSync',
    'openMayExec',
    'readMayExec',
  ]) {
    needs('execveCheck', 'landlock')(`binds ${way} of the other`, () => {
      expect(run(way, process.execPath)).toEqual({
        before: ['allowed', 'allowed'],
        after: ['allowed', 'security-module'],
      });
    });
  }
  needs('execveCheck', 'landlock')(
    'lets no check of either be made where no thread can be started any more',
    () => {
      const { after } = run('no-threads', process.execPath, [], 1000);
      expect(after).toEqual(Array<string>(8).fill('EAGAIN'));
    },
  );
});

describe.for(MAJORS)('restrictExec in a program under the preload, on Node %i', (major) => {
  needs('execveCheck', 'landlock')('binds require, whose thread ran before', () => {
    const outcome = run('require', nodeBinary(major), ['--require', preload]);
    expect(outcome).toEqual({ before: ['allowed', 'allowed'], after: ['allowed', 'EACCES'] });
  });
});
