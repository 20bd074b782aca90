import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, describe, expect, it } from 'vitest';

import { restrictExec } from '../src/restrict-exec.js';

const index = new URL('../dist/index.js', import.meta.url).href;
const base = mkdtempSync(join(tmpdir(), 'mayexec-landlock-'));
const [inside, outside] = [join(base, 'inside'), join(base, 'outside')];
chmodSync(base, 0o755);
for (const directory of [inside, outside]) {
  mkdirSync(directory);
  chmodSync(directory, 0o777);
  for (const [name, content] of [
    ['script.js', '42'],
    ['program', '#!/bin/true\n'],
  ] as const) {
    writeFileSync(join(directory, name), content);
    chmodSync(join(directory, name), 0o755);
  }
}
afterAll(() => {
  rmSync(base, { recursive: true, force: true });
});

const prelude = `
  import * as m from '${index}';
  import fs from 'node:fs';
  import { spawnSync } from 'node:child_process';
  import { Worker } from 'node:worker_threads';
  const inside = '${inside}', outside = '${outside}';
  const system = ['/usr', '/lib', '/lib64', '/bin'].filter((path) => fs.existsSync(path));
  const verdict = (path) => {
    const fd = fs.openSync(path);
    try { return m.checkExecSync(fd).reason ?? 'allowed'; } finally { fs.closeSync(fd); }
  };
  const caught = (step) => { try { return step() ?? 'done'; } catch (error) { return error.code; } };
  const run = (path) => spawnSync(path).error?.code ?? 'ran';
  const print = (value) => console.log(JSON.stringify(value));
`;

interface User {
  name: string;
  ids: { uid?: number; gid?: number };
}

const users: User[] = [
  { name: 'root', ids: {} },
  { name: 'an ordinary user', ids: { uid: 1000, gid: 1000 } },
];

/** What a program prints that runs in a process of its own, as that user. */
function inProcess(code: string, { ids }: User, before: string[] = []): unknown {
  const [command, ...args] = [
    ...before,
    process.execPath,
    '--input-type=module',
    '-e',
    prelude + code,
  ];
  const { stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', cwd: base, ...ids });
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout);
}

describe.each(users)('restrictExec as $name', (user) => {
  it.each<[string, string, unknown]>([
    [
      'a script outside is refused by a security module, and one inside is not',
      `const before = verdict(outside + '/script.js');
       m.restrictExec({ allow: [inside] });
       print([before, verdict(outside + '/script.js'), verdict(inside + '/script.js')]);`,
      ['allowed', 'security-module', 'allowed'],
    ],
    [
      'openMayExec throws ExecDeniedError for a script outside, and reads one inside',
      `m.restrictExec({ allow: [inside] });
       print([caught(() => m.readMayExecSync(outside + '/script.js', { enforce: true })), m.readMayExecSync(inside + '/script.js', { enforce: true, encoding: 'utf8' })]);`,
      ['EACCES', '42'],
    ],
    [
      'the promises are restricted too, though the pool and the checker ran before',
      `await m.readMayExec(outside + '/script.js', { enforce: true });
       m.restrictExec({ allow: [inside] });
       const results = await Promise.allSettled([outside, inside].flatMap((d) => [1, 2, 3, 4, 5].map(() => m.readMayExec(d + '/script.js', { enforce: true, encoding: 'utf8' }))));
       print(results.map(({ value, reason }) => value ?? reason.verdict.reason));`,
      [...Array<string>(5).fill('security-module'), ...Array<string>(5).fill('42')],
    ],
    [
      'execve of a program outside is refused, and of one inside is not',
      `const before = run(outside + '/program');
       m.restrictExec({ allow: [inside, ...system] });
       print([before, run(outside + '/program'), run(inside + '/program')]);`,
      ['ran', 'EACCES', 'ran'],
    ],
    [
      'a program inside is refused whose interpreter is not allowed',
      `m.restrictExec({ allow: [inside] }); print(run(inside + '/program'));`,
      'EACCES',
    ],
    [
      'nothing can be executed when nothing is allowed',
      `m.restrictExec({ allow: [] }); print([run('/bin/true'), verdict(inside + '/script.js')]);`,
      ['EACCES', 'security-module'],
    ],
    [
      'a single file can be allowed',
      `m.restrictExec({ allow: [inside + '/script.js'] }); print([verdict(inside + '/script.js'), verdict(inside + '/program')]);`,
      ['allowed', 'security-module'],
    ],
    [
      'a second call narrows',
      `m.restrictExec({ allow: [inside, outside] }); m.restrictExec({ allow: [inside] }); print([verdict(inside + '/script.js'), verdict(outside + '/script.js')]);`,
      ['allowed', 'security-module'],
    ],
    [
      'a second call widens nothing',
      `m.restrictExec({ allow: [inside] }); m.restrictExec({ allow: [inside, outside] }); print(verdict(outside + '/script.js'));`,
      'security-module',
    ],
    [
      'a Worker that is started later is restricted',
      `m.restrictExec({ allow: [inside] });
       const code = \`import fs from 'node:fs'; import { parentPort } from 'node:worker_threads';
         import('${index}').then((m) => parentPort.postMessage(['\${inside}', '\${outside}'].map((d) => m.checkExecSync(fs.openSync(d + '/script.js')).reason ?? 'allowed')));\`;
       new Worker(code, { eval: true }).on('message', print);`,
      ['allowed', 'security-module'],
    ],
    [
      'renames between directories stay possible, as do reading and writing outside',
      `m.restrictExec({ allow: [inside] });
       fs.writeFileSync(outside + '/new', 'x'); fs.mkdirSync(outside + '/sub'); fs.renameSync(outside + '/new', outside + '/sub/new');
       const text = fs.readFileSync(outside + '/sub/new', 'utf8'); fs.rmSync(outside + '/sub', { recursive: true }); print(text);`,
      'x',
    ],
    [
      'no file can be moved or linked from outside to where it could be executed',
      `fs.writeFileSync(outside + '/new', ''); m.restrictExec({ allow: [inside] });
       print([caught(() => fs.renameSync(outside + '/new', inside + '/new')), caught(() => fs.linkSync(outside + '/new', inside + '/new'))]);
       fs.rmSync(outside + '/new');`,
      ['EXDEV', 'EXDEV'],
    ],
    [
      'a path that is not there restricts nothing',
      `print([caught(() => m.restrictExec({ allow: [inside, '/absent'] })), run('/bin/true')]);`,
      ['ENOENT', 'ran'],
    ],
    [
      'the 17th restriction is refused with E2BIG, and the message says why',
      `for (let i = 0; i < 16; i++) m.restrictExec({ allow: ['/'] });
       try { m.restrictExec({ allow: ['/'] }) } catch ({ code, message }) { print([code, /already has 16 Landlock restrictions/.test(message)]) }`,
      ['E2BIG', true],
    ],
    [
      'no fd is left open, whether it succeeds or fails',
      `verdict(inside + '/script.js'); const count = () => fs.readdirSync('/proc/self/fd').length; const before = count();
       m.restrictExec({ allow: [inside, outside, ...system] }); caught(() => m.restrictExec({ allow: ['/absent'] })); print(count() - before);`,
      0,
    ],
  ])('%s', (_name, code, expected) => {
    expect(inProcess(code, user)).toEqual(expected);
  });
});

it.each<[string, User, string[], boolean]>([
  ['root keeps its setuid programs', { name: 'root', ids: {} }, [], false],
  ['an ordinary user gets no_new_privs', { name: 'user', ids: { uid: 1000, gid: 1000 } }, [], true],
  [
    'an ordinary user who has it keeps it',
    { name: 'user', ids: { uid: 1000, gid: 1000 } },
    ['setpriv', '--no-new-privs'],
    false,
  ],
])('%s', (_name, user, before, expected) => {
  const code = `print([m.restrictExec({ allow: [inside] }), fs.readFileSync('/proc/thread-self/status', 'utf8').match(/NoNewPrivs:\\t(.)/)[1]]);`;
  const [restriction, flag] = inProcess(code, user, before) as [
    { abi: number; noNewPrivs: boolean },
    string,
  ];
  expect(restriction.noNewPrivs).toBe(expected);
  expect(restriction.abi).toBeGreaterThan(0);
  expect(flag).toBe(expected || before.length > 0 ? '1' : '0');
});

it.each<[string, unknown, string]>([
  ['no options', undefined, 'ERR_INVALID_ARG_TYPE'],
  ['a string in the place of the list', { allow: '/usr' }, 'ERR_INVALID_ARG_TYPE'],
  ['a number in the list', { allow: [7] }, 'ERR_INVALID_ARG_TYPE'],
  ['a path with a NUL', { allow: ['/usr\0'] }, 'ERR_INVALID_ARG_VALUE'],
])('%s is an argument error, and nothing is restricted', (_name, options, code) => {
  expect(() => restrictExec(options as { allow: string[] })).toThrow(
    expect.objectContaining({ code }) as Error,
  );
  expect(spawnSync('/bin/true').status).toBe(0);
});
