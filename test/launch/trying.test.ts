/** `--only` and `--no-preload`: how the author of an interpreter tries the four cases. */
import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  closeSync,
  mkdtempSync,
  openSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { command, launcher } from '../support/built.js';
import { nodeBinary } from '../preload/versions.js';

const folder = mkdtempSync(join(tmpdir(), 'mayexec-trying-'));
chmodSync(folder, 0o755);
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function put(name: string, text: string, mode: number): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
}
const code = '+\n+\n';
const allowed = put('allowed.inc', code, 0o755);
const refused = put('refused.inc', code, 0o644);
const options = put('options.cjs', 'console.log(process.env.NODE_OPTIONS)', 0o644);
const programOf = (name: string): string =>
  fileURLToPath(new URL(`programs/${name}`, import.meta.url));
const inc = fileURLToPath(new URL('../../examples/inc/inc.mjs', import.meta.url));

interface How {
  uid?: number;
  /** A file that is standard input. */
  input?: string | undefined;
  env?: Readonly<Record<string, string>>;
}
interface Ended {
  status: number | null;
  stdout: string;
  stderr: string;
}

function start([file = '', ...args]: readonly string[], { uid, input, env }: How = {}): Ended {
  const stdin = input === undefined ? 'ignore' : openSync(input, 'r');
  const { status, stdout, stderr } = spawnSync(file, args, {
    ...(uid === undefined ? {} : { uid, gid: uid }),
    encoding: 'utf8',
    cwd: folder,
    env: { PATH: process.env['PATH'], ...env },
    stdio: [stdin, 'pipe', 'pipe'],
  });
  if (stdin !== 'ignore') closeSync(stdin);
  return { status, stdout, stderr };
}

const ways: readonly [string, readonly string[]][] = [
  ['mayexec-run', [launcher]],
  ['mayexec run', [process.execPath, command, 'run']],
];
const users: readonly [string, How][] = [
  ['root', {}],
  ['uid 65534', { uid: 65534 }],
];
const policies: readonly (readonly string[])[] = [
  ['--only', 'restrict-file', '--no-preload'],
  ['--no-preload', '--only=deny-interactive'],
  ['--no-preload'],
];
/** What inc is given, its standard input, and whether it runs under each of these policies. */
const cases: readonly [string, readonly string[], string | undefined, readonly boolean[]][] = [
  ['a script with x', [allowed], undefined, [true, true, true]],
  ['a script without x', [refused], undefined, [false, true, false]],
  ['a file with x on stdin', ['-i'], allowed, [true, true, true]],
  ['a file without x on stdin', ['-i'], refused, [true, false, false]],
  ['code on the command line', ['-c', code], undefined, [true, false, false]],
];

describe.for(ways)('%s', ([, run]) => {
  describe.for(users)('as %s', ([, user]) => {
    policies.forEach((policy, at) => {
      test.for(cases)(`${policy.join(' ')}: %s`, ([, args, input, runs]) => {
        const ended = start([...run, ...policy, '--', process.execPath, inc, ...args], {
          ...user,
          input,
        });
        expect(ended.stderr).toMatch(runs[at] === true ? /^$/ : /^inc: EACCES: permission denied/);
        expect(ended).toMatchObject(
          runs[at] === true ? { status: 0, stdout: '1\n2\n' } : { status: 1, stdout: '' },
        );
      });
    });
  });

  test('--no-preload leaves Node, its options and the environment as they are', () => {
    const env = { NODE_OPTIONS: '--no-warnings', LD_LIBRARY_PATH: '/nowhere' };
    const node = [nodeBinary(24), '--no-deprecation', '--import', 'data:text/javascript,'];
    expect(start([...run, '--no-preload', '--', ...node, options], { env })).toEqual({
      status: 0,
      stdout: '--no-warnings\n',
      stderr: '',
    });
  });

  // A user namespace clears the securebits.
  test.for<[string, ...string[]]>([
    ['here'],
    ['in a user namespace', 'unshare', '-r'],
    ['in one inside another', 'unshare', '-r', 'unshare', '-r'],
  ])('--only with the preload makes Node obey one of the two, %s', ([, ...before]) => {
    const node = nodeBinary(24);
    const under = (bit: string, ...args: string[]): number | null =>
      start([...run, '--only', bit, '--', ...before, node, ...args]).status;
    expect(under('restrict-file', '-e', '0')).toBe(0);
    expect(under('restrict-file', options)).toBe(126);
    expect(under('deny-interactive', '-e', '0')).toBe(126);
    expect(under('deny-interactive', options)).toBe(0);
  });

  test('in a user namespace Node obeys what mayexec-run has set outside', () => {
    const inside = [...run, '--', 'unshare', '-r', nodeBinary(24)];
    expect(start([...inside, options]).stderr).toMatch(/SECBIT_EXEC_RESTRICT_FILE was set where/);
    expect(start([...inside, '-e', '0']).stderr).toMatch(/DENY_INTERACTIVE was set where/);
    const less = [...run, '--', 'unshare', '-r', launcher, '--only', 'deny-interactive', '--'];
    expect(start([...less, nodeBinary(24), options]).status).toBe(126);
    const audit = [...run, '--', 'unshare', '-r', launcher, '--warn', '--', 'echo', 'RAN'];
    expect(start(audit)).toMatchObject({ status: 126, stdout: '' });
  });

  const asOutside = programOf('other-proc.sh');
  test.for<[string, ...string[]]>([
    ['a link of another /proc', 'sh', asOutside, 'link'],
    ["another /proc with the namespace's own file", 'sh', asOutside, 'file'],
  ])('a user namespace is not taken for the one outside by %s', ([, ...words]) => {
    const ended = start([...run, '--', ...words, nodeBinary(24), options]);
    expect(ended).toMatchObject({ status: 126, stdout: '' });
    expect(ended.stderr).toMatch(/SECBIT_EXEC_RESTRICT_FILE was set where/);
  });

  describe('a variable of a stranger', () => {
    let holder: ChildProcess;
    /** A namespace that begins after the process that is told of it. */
    let future: string;
    let enter: string[];
    beforeAll(async () => {
      holder = spawn('unshare', ['-r', 'cat'], { stdio: ['pipe', 'pipe', 'inherit'] });
      holder.stdin?.write('started');
      if (holder.stdout !== null) await once(holder.stdout, 'data');
      future = readlinkSync(`/proc/${holder.pid ?? ''}/ns/user`);
      enter = ['nsenter', '-U', '-t', String(holder.pid), '--preserve-credentials'];
    });
    afterAll(() => {
      holder.stdin?.end();
    });

    test.for<[string, () => string]>([
      ['no securebits', () => ' user:[1]'],
      ['no securebits and no namespace', () => ' '],
      ['the other securebit', () => 'deny-interactive user:[1]'],
      ['the namespace of the command', () => `restrict-file ${future}`],
    ])('with %s does not weaken --only', ([, value]) => {
      const env = { MAYEXEC_SECUREBITS: value() };
      const words = [...run, '--only', 'restrict-file', '--', ...enter, nodeBinary(24), options];
      expect(start(words, { env })).toMatchObject({ status: 126, stdout: '' });
    });

    test('with the namespace of a child does not weaken what Node hands on', () => {
      const forged = ['sh', programOf('with-securebits-variable.sh')];
      forged.push(`restrict-file,deny-interactive ${future}`);
      const again = [nodeBinary(24), programOf('start-again.cjs'), ...enter];
      const words = [...run, '--', ...forged, ...again, nodeBinary(24), options];
      const ended = start(words);
      expect(ended).toMatchObject({ status: 126, stdout: '' });
      expect(ended.stderr).toMatch(/SECBIT_EXEC_RESTRICT_FILE was set where/);
    });
  });

  test('where the securebits were cleared on purpose, Node obeys nothing', () => {
    const node = [nodeBinary(24), '-p', '1'];
    expect(
      start([...run, '--', 'python3', programOf('cleared-securebits.py'), ...node]),
    ).toMatchObject({ stdout: '1\n' });
  });

  test('--only clears nothing that is set already', () => {
    for (const outer of [['--no-preload'], ['--lock']]) {
      const ended = start([
        ...[launcher, ...outer, '--', launcher, '--only', 'restrict-file', '--', 'echo', 'RAN'],
      ]);
      expect(ended).toMatchObject({ status: 126, stdout: '' });
      expect(ended.stderr).toMatch(/^mayexec: --only: the other securebit is already set/);
    }
  });

  test.for<[args: string[], stderr: RegExp]>([
    [['--only'], /value is missing behind '--only'/],
    [['--only', 'both', 'true'], /takes restrict-file or deny-interactive, not 'both'/],
    [['--only=', 'true'], /takes restrict-file or deny-interactive, not ''/],
    [['--only=restrict-file', '--only=deny-interactive', 'true'], /names one securebit/],
    [
      ['--only=restrict-file', '--lock', 'true'],
      /^mayexec: --only is for .* and --lock strengthens/,
    ],
    [
      ['--strict', '--only=restrict-file', 'true'],
      /^mayexec: --only is for .* and --strict strengthens/,
    ],
    [['--no-preload', '--lock', 'true'], /^mayexec: --no-preload is for .* and --lock strengthens/],
    [
      ['--strict', '--no-preload', 'true'],
      /^mayexec: --no-preload is for .* and --strict strengthens/,
    ],
    [['--no-preload', '--audit-log', 'x', 'true'], /--audit-log is written by the preload/],
    [['--no-preload', '--image', 'x', 'true'], /--image is read by the preload/],
    [['--no-preload', '--bytecode', 'x', 'true'], /--bytecode is read by the preload/],
    [['--no-preload=1', 'true'], /unknown option '--no-preload=1'/],
  ])('%o is a mistake', ([args, stderr]) => {
    const ended = start([...run, ...args]);
    expect(ended).toMatchObject({ status: 2, stdout: '' });
    expect(ended.stderr).toMatch(stderr);
  });
});

test('the launcher needs no preload that it leaves out', () => {
  const copy = join(folder, 'mayexec-run');
  execFileSync('cp', [launcher, copy]);
  expect(start([copy, '--no-preload', '--', 'echo', 'ran']).stdout).toBe('ran\n');
  expect(start([copy, '--', 'echo', 'RAN']).status).toBe(126);
});
