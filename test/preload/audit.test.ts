import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, describe, expect, test } from 'vitest';

import { preload } from '../support/built.js';
import type { AuditMessage } from '../../src/audit.js';
import { Fixture } from './fixture.js';
import { PolicyHost } from './policy-host.js';
import { MAJORS, nodeBinary } from './versions.js';

const open = new PolicyHost({});
const restricted = new PolicyHost({ restrictFile: true });
const fixture = new Fixture();

afterAll(() => {
  open.close();
  restricted.close();
  rmSync(fixture.root, { recursive: true });
});

/** Prints every message as a line of JSON, its path without the folder. */
const PROGRAM = `
  require('diagnostics_channel').subscribe('mayexec:check', (message) =>
    console.log(JSON.stringify(message).replaceAll(__dirname + '/', '')));
  require('./approved.cjs');
  try { require('./dropped.cjs') } catch {}
  try { require('./package.json') } catch {}
  import('./dropped.mjs').catch(() => {});
`;

describe.for(MAJORS)('the mayexec:check channel on Node %i', (major) => {
  const cwd = fixture.folder(`audit ${major}`, { name: '', kind: 'file', args: [] }, 0o644);
  for (const [file, text] of [
    ['main.cjs', PROGRAM],
    ['approved.cjs', ''],
  ] as const) {
    writeFileSync(join(cwd, file), text);
    chmodSync(join(cwd, file), 0o755);
  }
  const messages = async (host: PolicyHost): Promise<AuditMessage[]> => {
    const { stdout } = await host.run({
      file: nodeBinary(major),
      args: ['main.cjs'],
      cwd,
      env: { NODE_OPTIONS: `--require ${preload}` },
    });
    return stdout
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as AuditMessage);
  };
  const allowed = { allowed: true, mechanism: 'at_execve_check' };
  const refused = { allowed: false, mechanism: 'at_execve_check', errno: 'EACCES', reason: 'mode' };

  test('tells the verdict about what runs unrestricted', async () => {
    expect(await messages(open)).toMatchObject([
      {
        operation: 'load',
        path: 'approved.cjs',
        denied: false,
        verdict: { ...allowed, binding: false },
      },
      {
        operation: 'load',
        path: 'dropped.cjs',
        denied: false,
        verdict: { ...refused, binding: false },
      },
      {
        operation: 'load',
        path: 'package.json',
        denied: false,
        verdict: { ...refused, binding: false },
      },
      {
        operation: 'load',
        path: 'dropped.mjs',
        denied: false,
        verdict: { ...refused, binding: false },
      },
    ]);
  });

  test('tells what was denied, and who asked for it', async () => {
    const importers = ['main.cjs'];
    expect(await messages(restricted)).toMatchObject([
      { path: 'approved.cjs', denied: false, importers, verdict: { ...allowed, binding: true } },
      { path: 'dropped.cjs', denied: true, importers, verdict: { ...refused, binding: true } },
      { path: 'package.json', denied: false, importers, verdict: { ...refused, binding: false } },
      {
        path: 'dropped.mjs',
        denied: true,
        // Node 22 has lost who called the first import() by then.
        importers: major === 22 ? [] : importers,
        verdict: { ...refused, binding: true },
      },
    ]);
  });

  test('tells of an option that a restriction refuses, enforced or not', async () => {
    for (const [name, host, denied] of [
      ['open', open, false],
      ['restricted', restricted, true],
    ] as const) {
      const log = join(cwd, `${name}.jsonl`);
      const { status } = await host.run({
        file: nodeBinary(major),
        args: ['--expose-internals', 'approved.cjs'],
        cwd,
        env: { NODE_OPTIONS: `--require ${preload}`, MAYEXEC_AUDIT_LOG: log },
      });
      expect(status).toBe(denied ? 126 : 0);
      const [first = ''] = readFileSync(log, 'utf8').split('\n');
      expect(JSON.parse(first)).toMatchObject({
        operation: 'option',
        option: '--expose-internals',
        allowed: false,
        binding: denied,
        denied,
      });
    }
  });
});
