import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, describe, expect, test } from 'vitest';

import { preload } from '../support/built.js';
import { Fixture } from './fixture.js';
import { PolicyHost, type Outcome } from './policy-host.js';
import { MAJORS, nodeBinary } from './versions.js';

/** Workers that Node starts without the preload of the thread that made them, or with less than it had. */
interface Case {
  name: string;
  program: string;
  args: string[];
  env?: Record<string, string>;
  /** Where the system restricts nothing. */
  unrestricted?: true;
}

const CODE = JSON.stringify(`require(process.cwd() + '/dropped.cjs')`);
const worker = (args: string): string =>
  `const { Worker, SHARE_ENV } = require('worker_threads'); new Worker(${args}).on('error', (e) => console.log(e.name))`;
const FILE = `__dirname + '/dropped.cjs'`;
const imported = ['--import', preload];
const required = ['--require', preload];
const enforced = { env: { MAYEXEC_ENFORCE: '1' }, unrestricted: true } as const;

const cases: Case[] = [
  {
    name: 'code, after --import',
    program: worker(`${CODE}, { eval: true }`),
    args: imported,
  },
  {
    name: 'code that shares the environment, after --import',
    program: worker(`${CODE}, { eval: true, env: SHARE_ENV }`),
    args: imported,
  },
  {
    name: 'code in a Worker, after --import',
    program: `if (require('worker_threads').isMainThread) { ${worker('__filename')} } else { ${worker(`${CODE}, { eval: true }`)} }`,
    args: imported,
  },
  {
    name: 'a file, with MAYEXEC_ENFORCE deleted',
    program: `delete process.env.MAYEXEC_ENFORCE; ${worker(FILE)}`,
    args: required,
    ...enforced,
  },
  {
    name: 'a file, with MAYEXEC_ENFORCE set to 0',
    program: `process.env.MAYEXEC_ENFORCE = '0'; ${worker(`${FILE}, {}`)}`,
    args: required,
    ...enforced,
  },
  {
    name: 'a file that shares the environment, with MAYEXEC_ENFORCE deleted',
    program: `delete process.env.MAYEXEC_ENFORCE; ${worker(`${FILE}, { env: SHARE_ENV }`)}`,
    args: required,
    ...enforced,
  },
];

const open = new PolicyHost({});
const restricted = new PolicyHost({ restrictFile: true });
const fixture = new Fixture();

afterAll(() => {
  open.close();
  restricted.close();
  rmSync(fixture.root, { recursive: true });
});

describe.for(MAJORS)('a Worker on Node %i', (major) => {
  test.concurrent.for(cases)('$name', async ({ name, program, args, env, unrestricted }) => {
    const cwd = fixture.folder(`${major} ${name}`, { name, kind: 'file', args: [] }, 0o644);
    writeFileSync(join(cwd, 'program.cjs'), program);
    chmodSync(join(cwd, 'program.cjs'), 0o755);
    const host = unrestricted === true ? open : restricted;
    const run = (options: string[]): Promise<Outcome> =>
      host.run({
        file: nodeBinary(major),
        args: [...options, 'program.cjs'],
        cwd,
        env: env ?? {},
      });
    expect((await run([])).stdout).toBe('RAN\n');
    expect(await run(args)).toMatchObject({ status: 0, stdout: 'ExecDeniedError\n' });
  });
});
