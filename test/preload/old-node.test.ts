import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { afterAll, describe, expect, test } from 'vitest';

import { launcher, preload } from '../support/built.js';
import { Fixture } from './fixture.js';
import { PolicyHost } from './policy-host.js';
import { nodeBinary } from './versions.js';

/** The loaders of Node 20 take no hooks, so the preload could check nothing there. */
const file = nodeBinary(20);

const open = new PolicyHost({});
const filesRestricted = new PolicyHost({ restrictFile: true });
const interactiveDenied = new PolicyHost({ denyInteractive: true });
const fixture = new Fixture();
const cwd = fixture.folder('old node', { name: '', kind: 'file', args: [] }, 0o644);
writeFileSync(join(cwd, 'approved.cjs'), `console.log('RAN')`);
writeFileSync(join(cwd, 'approved.mjs'), `console.log('RAN')`);
writeFileSync(
  join(cwd, 'looks.cjs'),
  `const { registerHooks, register } = require('node:module');
   console.log(typeof registerHooks, register.name, process.dlopen.name, Object.keys(require.cache).length)`,
);
writeFileSync(join(cwd, 'script'), `#!${file}\n`);
writeFileSync(join(cwd, 'env-script'), '#!/usr/bin/env node\n');
writeFileSync(
  join(cwd, 'starts.cjs'),
  `const [, , file, ...words] = process.argv;
   process.exitCode = require('child_process').spawnSync(file, words, { stdio: 'inherit' }).status`,
);
for (const name of ['approved.cjs', 'approved.mjs', 'script', 'env-script', 'starts.cjs'])
  chmodSync(join(cwd, name), 0o755);

afterAll(() => {
  for (const host of [open, filesRestricted, interactiveDenied]) host.close();
  rmSync(fixture.root, { recursive: true });
});

const WHY = `Node v20[^ ]* has no module\\.registerHooks, so the code that it loads cannot be checked\\. Use Node 22\\.15, 24 or 26, each or newer`;

describe('a Node without module.registerHooks', () => {
  describe.for(['--require', '--import'])('%s', (option) => {
    test.for([
      ['files are restricted', filesRestricted, {}],
      ['interactive code is denied', interactiveDenied, {}],
      ['MAYEXEC_ENFORCE is set', open, { MAYEXEC_ENFORCE: '1' }],
      ['MAYEXEC_STRICT is set', open, { MAYEXEC_STRICT: '1' }],
    ] as const)('starts no program, approved or not, where %s', async ([, host, env]) => {
      for (const args of [['approved.cjs'], ['approved.mjs'], ['-p', '1']]) {
        const outcome = await host.run({ file, args: [option, preload, ...args], cwd, env });
        expect(outcome).toMatchObject({ status: 126, stdout: '' });
        expect(outcome.stderr).toMatch(new RegExp(`^mayexec: [^\\n]*${WHY}\\n$`));
      }
    });
  });

  // An option that it does not know would end it before the preload could say anything.
  test.for([
    ['by the launcher', launcher, ['--', file, 'approved.cjs']],
    ['by the first line of a script', launcher, ['--', './script']],
    ['by env in the first line of a script', launcher, ['--', './env-script']],
    ['by another Node', launcher, ['--', nodeBinary(24), 'starts.cjs', file, 'approved.cjs']],
  ] as const)('is started by %s and says what to use instead', async ([, program, args]) => {
    const env = { PATH: `${dirname(file)}:/usr/bin:/bin` };
    const outcome = await open.run({ file: program, args: [...args], cwd, env });
    expect(outcome).toMatchObject({ status: 126, stdout: '' });
    expect(outcome.stderr).toMatch(new RegExp(WHY));
  });

  test.for([['dropped.cjs'], ['approved.mjs'], ['looks.cjs'], ['-p', '1'], ['missing.cjs']])(
    'runs %s as without the preload where nothing is enforced',
    async (args) => {
      const { status, signal, stdout, stderr } = await open.run({ file, args, cwd });
      expect(await open.run({ file, args: ['--require', preload, ...args], cwd })).toMatchObject({
        status,
        signal,
        stdout,
        stderr,
      });
    },
  );

  test('says that no log is written, and runs', async () => {
    const env = { MAYEXEC_AUDIT_LOG: 'audit.log' };
    const args = ['--require', preload, 'dropped.cjs'];
    const outcome = await open.run({ file, args, cwd, env });
    expect(outcome).toMatchObject({ status: 0, stdout: 'RAN\n' });
    expect(outcome.stderr).toMatch(new RegExp(`^mayexec: no audit log is written: ${WHY}\\n$`));
  });
});
