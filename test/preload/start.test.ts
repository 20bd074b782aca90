import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, describe, expect, test } from 'vitest';

import { preload } from '../support/built.js';
import { Fixture } from './fixture.js';
import { PolicyHost, type Outcome } from './policy-host.js';
import { MAJORS, nodeBinary, type Major } from './versions.js';

const open = new PolicyHost({});
const restricted = new PolicyHost({ restrictFile: true });
const fixture = new Fixture();
const folder = fixture.folder('start', { name: '', kind: 'file', args: [] }, 0o644);
writeFileSync(join(folder, 'approved.cjs'), `require('fs').writeSync(1, 'RAN\\n')`);
writeFileSync(join(folder, 'approved.mjs'), '');
for (const file of ['approved.cjs', 'approved.mjs']) chmodSync(join(folder, file), 0o755);

afterAll(() => {
  open.close();
  restricted.close();
  rmSync(fixture.root, { recursive: true });
});

interface Refusal {
  name: string;
  args?: string[];
  env?: Record<string, string>;
  since?: Major;
  /** In a thread of Node's own it is an error, not an exit. */
  status?: number;
  says: RegExp;
}

const required = `--require ${preload}`;

/** Code, or options, from before the preload: it cannot be undone, so nothing more runs. */
const refusals: Refusal[] = [
  {
    name: 'a --require before it',
    args: ['--require', './approved.mjs', '--require', preload],
    says: /code ran before.*approved\.mjs/,
  },
  {
    name: 'a --require before its --import',
    args: ['--import', preload, '--require', './approved.mjs'],
    says: /code ran before.*approved\.mjs/,
  },
  {
    name: 'an --import before it',
    args: ['--import', './approved.mjs', '--import', preload],
    says: /code ran before.*approved\.mjs/,
  },
  {
    name: 'an --import before it, in one word',
    args: ['--import=./approved.mjs', `--import=${preload}`],
    says: /code ran before.*approved\.mjs/,
  },
  {
    name: 'NODE_OPTIONS before it',
    env: { NODE_OPTIONS: '--require ./approved.mjs' },
    args: ['--require', preload],
    says: /code ran before.*approved\.mjs/,
  },
  {
    name: 'NODE_OPTIONS in an --env-file',
    args: ['--env-file=.env.dropped', '--require', preload],
    says: /code ran before.*dropped\.cjs/,
  },
  {
    name: 'the program itself, which imports it late',
    args: ['--eval', `require(${JSON.stringify(preload)}); console.log('RAN')`],
    says: /code ran before.*the program itself/,
  },
  {
    name: '--experimental-loader',
    env: { NODE_OPTIONS: required },
    args: ['--experimental-loader', './approved.mjs'],
    says: /--experimental-loader/,
    since: 24,
  },
  {
    name: '--loader',
    args: ['--import', preload, '--loader', './approved.mjs'],
    says: /--experimental-loader|code ran before/,
  },
  {
    name: '--experimental-config-file',
    env: { NODE_OPTIONS: required },
    args: ['--experimental-config-file=dropped.config.json'],
    says: /config-file/,
    since: 24,
  },
  {
    name: '--openssl-config',
    env: { NODE_OPTIONS: required },
    args: ['--openssl-config=/dev/null'],
    says: /openssl-config/,
  },
  {
    name: '--experimental-shadow-realm',
    env: { NODE_OPTIONS: required },
    args: ['--experimental-shadow-realm'],
    says: /shadow-realm/,
  },
  {
    name: 'NODE_COMPILE_CACHE',
    env: { NODE_OPTIONS: required, NODE_COMPILE_CACHE: join(folder, 'cache') },
    says: /compile cache/,
  },
  {
    name: 'MAYEXEC_STRICT without V8 being told',
    env: { NODE_OPTIONS: required, MAYEXEC_STRICT: '1' },
    says: /disallow-code-generation/,
  },
  { name: '--no-addons', env: { NODE_OPTIONS: required }, args: ['--no-addons'], says: /addon/ },
];

const said = (outcome: Outcome): string => JSON.stringify(outcome, null, 1);

describe.for(MAJORS)('start on Node %i', (major) => {
  const run = (
    host: PolicyHost,
    args: string[],
    env: Record<string, string> = {},
  ): Promise<Outcome> => host.run({ file: nodeBinary(major), args, cwd: folder, env });

  const there = refusals.filter(({ since = 0 }) => since <= major);
  test.concurrent.for(there)(
    'is refused where files are restricted: $name',
    async ({ args = [], env, says, status = 126 }) => {
      const outcome = await run(restricted, [...args, './approved.cjs'], env);
      expect(outcome.status, said(outcome)).toBe(status);
      if (status === 126)
        expect(
          outcome.stderr
            .trim()
            .split('\n')
            .filter((line) => line.startsWith('mayexec: ')),
        ).toHaveLength(1);
      expect(outcome.stderr).toMatch(says);
    },
  );

  test.concurrent.for([
    ['--require', preload],
    ['--import', preload],
    ['-r', preload],
    [`--require=${preload}`],
    ['--import', `file://${preload}`],
  ])('runs an approved program: %s', async (args) => {
    const outcome = await run(restricted, [...args, './approved.cjs']);
    expect(outcome.stdout, said(outcome)).toBe('RAN\n');
    expect(outcome.stderr).toBe('');
  });

  test.concurrent('MAYEXEC_ENFORCE restricts where the system does not', async () => {
    const env = { NODE_OPTIONS: required, MAYEXEC_ENFORCE: '1' };
    const file = await run(open, ['./dropped.cjs'], env);
    expect(file.status, said(file)).toBe(126);
    expect(file.stderr).toMatch(/^mayexec: EACCES: permission denied, execveat '[^\n]*\n$/);
    const text = await run(open, ['-e', `console.log('RAN')`], env);
    expect(text.status, said(text)).toBe(126);
    expect(text.stdout).toBe('');
  });

  test.concurrent('MAYEXEC_ENFORCE=0 takes nothing away', async () => {
    const env = { NODE_OPTIONS: required, MAYEXEC_ENFORCE: '0' };
    const outcome = await run(restricted, ['./dropped.cjs'], env);
    expect(outcome.status, said(outcome)).toBe(126);
  });
});
