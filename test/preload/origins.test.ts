/** Each record of the audit names the way by which the code came in. */
import { createHash } from 'node:crypto';
import { chmodSync, copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';

import { preload } from '../support/built.js';
import { Fixture } from './fixture.js';
import { PolicyHost } from './policy-host.js';
import { MAJORS, nodeBinary } from './versions.js';

const open = new PolicyHost({});
const fixture = new Fixture();

afterAll(() => {
  open.close();
  rmSync(fixture.root, { recursive: true });
});

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

interface Line {
  operation: string;
  origin: string;
  path?: string;
  sha256?: string;
}

describe.for(MAJORS)('on Node %i', (major) => {
  const cwd = fixture.folder(`origins ${major}`, { name: '', kind: 'file', args: [] }, 0o644);
  copyFileSync(fileURLToPath(new URL('origins/main.cjs', import.meta.url)), join(cwd, 'main.cjs'));
  for (const name of ['required.cjs', 'imported.mjs', 'library.so', 'named.cjs']) {
    writeFileSync(join(cwd, name), '');
    chmodSync(join(cwd, name), 0o755);
  }

  const records = async (
    title: string,
    args: readonly string[],
    options: { stdin?: string; env?: NodeJS.ProcessEnv } = {},
  ): Promise<Line[]> => {
    const log = join(cwd, `${title.replaceAll(' ', '-')}.jsonl`);
    await open.run({
      file: nodeBinary(major),
      args: [...args],
      cwd,
      env: { NODE_OPTIONS: `--require ${preload}`, MAYEXEC_AUDIT_LOG: log, ...options.env },
      ...(options.stdin === undefined ? {} : { input: options.stdin }),
    });
    return readFileSync(log, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Line);
  };
  const short = ({ origin, path, operation }: Line): string =>
    `${operation}: ${origin}${path === undefined ? '' : ` ${path.replace(`${cwd}/`, '')}`}`;

  test('a program that takes code in every way', async () => {
    const lines = (await records('program', ['main.cjs'])).map(short);
    expect(lines).toEqual([
      'load: require main.cjs',
      'load: require required.cjs',
      'load: import imported.mjs',
      'checkInteractive: data-url',
      'checkInteractive: worker-eval',
      'dlopen: dlopen library.so',
      'load: require named.cjs',
      'checkInteractive: repl',
      'checkInteractive: inspector',
    ]);
  });

  test('a string for a Worker has a digest', async () => {
    const lines = await records('digest', ['main.cjs']);
    expect(lines.find(({ origin }) => origin === 'worker-eval')?.sha256).toBe(
      sha256('globalThis.worker = 1'),
    );
  });

  test('the text of --eval, with its digest', async () => {
    const code = "require('./required.cjs') // é";
    const [first, second] = await records('eval', ['--eval', code]);
    expect(first).toMatchObject({ origin: 'eval', sha256: sha256(code) });
    expect(second).toMatchObject({ origin: 'require' });
  });

  test.each([
    ['standard input', ['-'], 'stdin'],
    ['the inspector', ['--inspect=0', 'required.cjs'], 'inspector'],
    ['an option', ['--expose-internals', 'required.cjs'], 'option'],
  ] as const)('%s', async (title, args, origin) => {
    const [first] = await records(title, args);
    expect(first).toMatchObject({ origin });
  });

  test.each([
    ['by its name', "require('node:vm').runInThisContext('1');"],
    [
      'by the constructor of its prototype',
      "require('node:vm').runInThisContext.prototype.constructor('1');",
    ],
  ])('a gate that --strict would close, used %s', async (title, code) => {
    const name = `${title.replaceAll(' ', '-')}.cjs`;
    writeFileSync(join(cwd, name), code);
    chmodSync(join(cwd, name), 0o755);
    const lines = await records(title, [name], { env: { MAYEXEC_STRICT: 'audit' } });
    expect(lines.map(short)).toContain('gate: vm');
  });
});
