import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, describe, expect, test } from 'vitest';

import { command, preload } from '../support/built.js';
import { Fixture } from './fixture.js';
import { poisonedCache } from './poisoned-cache.js';
import { PolicyHost, type Outcome } from './policy-host.js';
import { MAJORS, nodeBinary } from './versions.js';

const host = new PolicyHost({ restrictFile: true });
const fixture = new Fixture();

afterAll(() => {
  host.close();
  rmSync(fixture.root, { recursive: true });
});

const RAN = `process.getBuiltinModule('fs').writeSync(1, 'RAN\\n');`;
const said = (outcome: Outcome): string => JSON.stringify(outcome, null, 1);

describe.for(MAJORS)('a poisoned compile cache on Node %i', (major) => {
  const node = nodeBinary(major);
  const folder = fixture.folder(`cache ${major}`, { name: '', kind: 'file', args: [] }, 0o644);
  const approve = (file: string, text: string): string => {
    writeFileSync(join(folder, file), text);
    chmodSync(join(folder, file), 0o755);
    return join(folder, file);
  };
  const DONE = `process.getBuiltinModule('fs').writeSync(1, 'DONE\\n'); //`.padEnd(200, '.');
  const cjs = approve('approved.cjs', DONE);
  const mjs = approve('approved.mjs', DONE);
  const standsInFor = {
    commonJs: poisonedCache(node, cjs, [cjs], RAN, fixture.root),
    esm: poisonedCache(node, mjs, [mjs], RAN, fixture.root),
    preload: poisonedCache(node, preload, ['--require', preload, cjs], RAN, fixture.root),
  };
  approve(
    'enables.cjs',
    `require('module').enableCompileCache(process.env.CACHE); require(process.env.VICTIM)`,
  );
  approve(
    'child.cjs',
    `require('child_process').spawnSync(process.execPath, [process.env.VICTIM], { env: { NODE_COMPILE_CACHE: process.env.CACHE }, stdio: 'inherit' })`,
  );
  approve(
    'fork.cjs',
    `require('child_process').fork(process.env.VICTIM, { env: { NODE_COMPILE_CACHE: process.env.CACHE }, execArgv: [] })`,
  );
  approve(
    'sets.cjs',
    `process.env.NODE_COMPILE_CACHE = process.env.CACHE; require('child_process').execFileSync(process.execPath, [process.env.VICTIM], { stdio: 'inherit' })`,
  );

  const run = (args: string[], env: Record<string, string>): Promise<Outcome> =>
    host.run({ file: node, args, cwd: folder, env });
  const preloaded = { NODE_OPTIONS: `--require ${preload}` };

  test.concurrent.for<[string, string, string]>([
    ['a CommonJS entry point', cjs, standsInFor.commonJs],
    ['an ES module', mjs, standsInFor.esm],
  ])('in the environment, for %s', async ([, victim, NODE_COMPILE_CACHE]) => {
    const plain = await run([victim], { NODE_COMPILE_CACHE });
    expect(plain.stdout, said(plain)).toBe('RAN\n');
    const outcome = await run([victim], { NODE_COMPILE_CACHE, ...preloaded });
    expect(outcome, said(outcome)).toMatchObject({ status: 126, stdout: '' });
  });

  test.concurrent.for<[string, string, string, string]>([
    ['by the program itself, for CommonJS', 'enables.cjs', cjs, standsInFor.commonJs],
    ['by the program itself, for an ES module', 'enables.cjs', mjs, standsInFor.esm],
    ['in a child’s environment', 'child.cjs', cjs, standsInFor.commonJs],
    ['in a fork’s environment', 'fork.cjs', cjs, standsInFor.commonJs],
    ['in process.env, for a child', 'sets.cjs', cjs, standsInFor.commonJs],
  ])('given %s: the file itself runs', async ([, program, VICTIM, CACHE]) => {
    const plain = await run([program], { VICTIM, CACHE });
    expect(plain.stdout, said(plain)).toBe('RAN\n');
    const outcome = await run([program], { VICTIM, CACHE, ...preloaded });
    expect(outcome.stdout, said(outcome)).toBe('DONE\n');
  });

  test.concurrent('in a child’s environment, for the preload', async () => {
    const env = { VICTIM: cjs, CACHE: standsInFor.preload, ...preloaded };
    const outcome = await run(['child.cjs'], env);
    expect(outcome.stdout, said(outcome)).toBe('DONE\n');
  });

  test.concurrent('for the preload itself, which only mayexec run can take away', async () => {
    const NODE_COMPILE_CACHE = standsInFor.preload;
    const open = await run([cjs], { NODE_COMPILE_CACHE, ...preloaded });
    expect(open.stdout, said(open)).toContain('RAN\n');
    const outcome = await host.run({
      file: process.execPath,
      args: [command, 'run', '--', node, cjs],
      cwd: folder,
      env: { NODE_COMPILE_CACHE },
    });
    expect(outcome.stdout, said(outcome)).toBe('DONE\n');
  });
});
