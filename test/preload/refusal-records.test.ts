/** What is refused without a verdict of the kernel, or behind one that allows it, is in the log. */
import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';

import { api, preload } from '../support/built.js';
import { Fixture } from './fixture.js';
import { PolicyHost } from './policy-host.js';
import { EDGES, nodeBinary, type Major } from './versions.js';

const open = new PolicyHost({});
const restricted = new PolicyHost({ restrictFile: true, restrictFileLocked: true });
const fixture = new Fixture();

afterAll(() => {
  open.close();
  restricted.close();
  rmSync(fixture.root, { recursive: true });
});

const cwd = fixture.folder('refusals', { name: '', kind: 'file', args: [] }, 0o644);
cpSync(fileURLToPath(new URL('records', import.meta.url)), cwd, { recursive: true });
writeFileSync(join(cwd, 'broken.image'), 'not an image');

const source = fileURLToPath(new URL('shared-objects/says.c', import.meta.url));
const shared = (name: string, ...options: string[]): void => {
  execFileSync('cc', ['-shared', '-fPIC', '-DNAME=""', '-o', join(cwd, name), source, ...options]);
};
// The dynamic loader does not look for it where it is.
shared('libgone.so', '-Wl,-soname,libgone.so');
shared('needing.node', '-Wl,--no-as-needed', join(cwd, 'libgone.so'));
for (const name of readdirSync(cwd)) chmodSync(join(cwd, name), 0o755);

interface Case {
  readonly name: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  readonly host?: PolicyHost;
  /** The oldest Node is one without module.registerHooks. */
  readonly majors?: readonly (Major | 20)[];
  readonly record: Readonly<Record<string, unknown>>;
  readonly why: RegExp;
}

const image = join(cwd, 'broken.image');
const start = { operation: 'start', origin: 'start' };
const cases: readonly Case[] = [
  {
    name: 'a start with a broken code image',
    args: ['child.cjs'],
    env: { MAYEXEC_IMAGE: image },
    record: start,
    why: /^the code image '.*broken\.image' is refused: .*Make it again with mayexec image$/,
  },
  {
    name: 'a start with broken bytecode',
    args: ['child.cjs'],
    env: { MAYEXEC_BYTECODE: image },
    record: start,
    why: /^the approved bytecode '.*broken\.image' is refused: .*mayexec seal --bytecode/,
  },
  {
    name: 'a strict start without the option that it needs',
    args: ['child.cjs'],
    env: { MAYEXEC_STRICT: '1' },
    record: start,
    why: /^MAYEXEC_STRICT needs Node's option/,
  },
  {
    name: 'a start of a Node that cannot be checked',
    args: ['child.cjs'],
    host: restricted,
    majors: [20],
    record: start,
    why: /^Node v20\..* has no module\.registerHooks/,
  },
  {
    name: 'a load beside a compile cache',
    args: ['cached.cjs', api],
    record: { operation: 'load' },
    why: /^the compile cache in '.*' holds unchecked bytecode/,
  },
  {
    name: '.load of a REPL',
    args: ['load-command.cjs'],
    host: restricted,
    record: { operation: 'load', origin: 'repl' },
    why: /^\.load runs an unchecked file/,
  },
  {
    name: 'a shared object that needs a library that is nowhere',
    args: ['needing.cjs'],
    host: restricted,
    record: { operation: 'dlopen', origin: 'dlopen', path: join(cwd, 'needing.node') },
    why: /the library 'libgone\.so', which it needs, is in none of the directories/,
  },
];

interface Line {
  readonly denied: boolean;
  readonly why?: string;
}

describe.for(cases)('$name', ({ args, env, host = open, majors = EDGES, record, why }) => {
  test.for(majors)('has a record on Node %i', async (major) => {
    const log = join(fixture.root, `${major}.jsonl`);
    rmSync(log, { force: true });
    await host.run({
      file: nodeBinary(major),
      args: [...args],
      cwd,
      env: {
        PATH: process.env['PATH'] ?? '',
        NODE_OPTIONS: `--require ${preload}`,
        MAYEXEC_AUDIT_LOG: log,
        ...env,
      },
    });
    const lines = readFileSync(log, 'utf8').trim().split('\n');
    const denied = lines
      .map((line) => JSON.parse(line) as Line)
      .filter((line) => line.denied && line.why !== undefined);
    expect(denied).toMatchObject([{ ...record, why: expect.stringMatching(why) as string }]);
  });
});
