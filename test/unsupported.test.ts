import { describe, expect } from 'vitest';

import type { Probe, Verdict } from '../src/index.js';
import { features, needs } from './support/kernel.js';
import { refusing } from './support/refuse.js';
import { runChild, sandbox } from './support/sandbox.js';

const box = sandbox();
const paths = {
  executable: box.file('executable', 0o755, 'code'),
  plain: box.file('plain', 0o644, 'code'),
  dir: box.directory('dir'),
};

interface Outcome extends Partial<Verdict> {
  name?: string;
  code?: string;
  message?: string;
}

describe.each(['ENOSYS', 'EPERM'] as const)(
  'under a filter that answers %s for execveat',
  (errno) => {
    const launcher = refusing(box, errno, 'execveat');
    const attempt = (expression: string, before = ''): Outcome =>
      runChild<Outcome>(`${before}; return attempt(async () => ${expression});`, {
        launcher,
        input: paths,
      });
    const unasked = { allowed: null, binding: false, mechanism: 'none', errno };
    const refused = {
      name: 'UnsupportedError',
      code: 'ERR_MAYEXEC_UNSUPPORTED',
      reason: 'filtered',
    };
    const emulated = (allowed: boolean, reason?: string): object => ({
      allowed,
      mechanism: 'emulated',
      ...(reason === undefined ? {} : { reason }),
    });
    const restrict = 'mayexec.setSecurebits({ restrictFile: true, denyInteractive: true })';
    const open = (path: string, options = '{}'): string =>
      `mayexec.openMayExecSync(input.${path}, ${options}).verdict`;
    const openLater = (path: string, options = '{}'): string =>
      `(await mayexec.openMayExec(input.${path}, ${options})).verdict`;

    // Title, expression, outcome, what is done before.
    const cases: readonly (readonly [string, string, object, string?])[] = [
      ['a file without x is handed over, unasked', open('plain'), unasked],
      ['so it is by the promise form', openLater('plain'), unasked],
      ['and the second time', open('plain'), unasked, open('plain')],
      ['enforce: true cannot be kept', open('executable', '{ enforce: true }'), refused],
      ['nor by the promise form', openLater('executable', '{ enforce: true }'), refused],
      ['nor the second time', open('executable', '{ enforce: true }'), refused, open('plain')],
      ['the system policy cannot be kept', open('executable'), refused, restrict],
      [
        'emulate: true does not weaken the system policy',
        open('executable', '{ emulate: true }'),
        refused,
        restrict,
      ],
      [
        'standard input under the system policy cannot be judged',
        'mayexec.checkInteractive({ fd: 0 })',
        refused,
        restrict,
      ],
      [
        'code without a file is still refused by the system policy',
        'mayexec.checkInteractive()',
        { name: 'ExecDeniedError' },
        restrict,
      ],
      [
        'where nothing binds, code without a file may run, and nobody was asked',
        'mayexec.checkInteractive()',
        { allowed: null, binding: false, mechanism: 'none' },
      ],
      [
        'nor does user space judge standard input',
        `mayexec.checkInteractive({ fd: fs.openSync(input.plain, 'r') })`,
        unasked,
      ],
      [
        'emulate: true allows an executable file',
        open('executable', '{ emulate: true }'),
        emulated(true),
      ],
      ['emulate: true names the mode', open('plain', '{ emulate: true }'), emulated(false, 'mode')],
      [
        'a directory is one, with emulate: true too',
        open('dir', '{ emulate: true }'),
        { name: 'FileTypeError', code: 'EISDIR' },
      ],
      [
        'enforce and emulate refuse a file without x',
        open('plain', '{ enforce: true, emulate: true }'),
        { name: 'ExecDeniedError', syscall: 'access', verdict: emulated(false, 'mode') },
      ],
      [
        'enforce and emulate hand over an executable file',
        open('executable', '{ enforce: true, emulate: true }'),
        emulated(true),
      ],
      [
        'checkExec says that nobody was asked',
        `mayexec.checkExecSync(fs.openSync(input.plain, 'r'))`,
        unasked,
      ],
      [
        'checkExec emulates',
        `mayexec.checkExec(fs.openSync(input.plain, 'r'), { emulate: true })`,
        emulated(false, 'mode'),
      ],
    ];
    for (const [title, expression, outcome, before] of cases) {
      needs('execveCheck')(title, () => {
        expect(attempt(expression, before)).toMatchObject(outcome);
      });
    }

    needs('execveCheck')('probe says so', () => {
      const probe = runChild<Probe>('return mayexec.probe()', { launcher });
      expect(probe).toMatchObject({
        execveCheck: { status: 'filtered', errno },
        mechanism: 'none',
        openat2: { status: features.openat2 },
      });
    });
  },
);

needs('execveCheck', 'unshare')('emulation knows the noexec mount', () => {
  const mount = box.directory('noexec');
  const verdict = runChild<Verdict>(
    `fs.writeFileSync(input, '+', { mode: 0o755 });
     return mayexec.openMayExecSync(input, { emulate: true }).verdict;`,
    {
      launcher: refusing(box, 'ENOSYS', 'execveat'),
      mounts: `mount -t tmpfs -o noexec none ${mount}`,
      input: `${mount}/script`,
    },
  );
  expect(verdict).toMatchObject({ mechanism: 'emulated', allowed: false, reason: 'noexec-mount' });
});

needs('execveCheck')('emulation goes by the effective ids', () => {
  const verdict = runChild<Verdict>(
    `const fd = fs.openSync(input, 'r');
     process.setegid(12345);
     process.seteuid(12345);
     return mayexec.checkExecSync(fd, { emulate: true });`,
    {
      launcher: refusing(box, 'ENOSYS', 'execveat'),
      input: box.file('owner-only', 0o700),
    },
  );
  expect(verdict).toMatchObject({ mechanism: 'emulated', allowed: false, reason: 'mode' });
});

describe.each(['ENOSYS', 'EPERM'] as const)(
  'under a filter that answers %s for openat2',
  (errno) => {
    const launcher = refusing(box, errno, 'openat2');
    const attempt = (expression: string): Outcome =>
      runChild<Outcome>(`return attempt(async () => ${expression});`, { launcher, input: paths });
    needs('execveCheck')('files are still opened and checked, by openat(2)', () => {
      expect(
        attempt('mayexec.openMayExecSync(input.executable, { enforce: true }).verdict'),
      ).toEqual({
        allowed: true,
        binding: true,
        mechanism: 'at_execve_check',
      });
      expect(attempt('mayexec.readMayExec(input.plain, { enforce: true })').name).toBe(
        'ExecDeniedError',
      );
    });
    needs('execveCheck')('what only openat2 can do is unsupported, not denied', () => {
      const refused = { name: 'UnsupportedError', reason: 'filtered' };
      expect(attempt('mayexec.openat2(input.plain)')).toMatchObject(refused);
      expect(
        attempt('mayexec.openMayExecSync(input.plain, { resolve: { noSymlinks: true } })'),
      ).toMatchObject(refused);
    });
  },
);

needs('execveCheck')('where the securebits cannot be read, nothing is decided', () => {
  const launcher = refusing(box, 'EPERM', 'prctl-securebits');
  const refused = { name: 'UnsupportedError', reason: 'filtered' };
  const outcomes = runChild<object[]>(
    `const before = fds();
     return [
       await attempt(() => mayexec.openMayExecSync(input.executable)),
       await attempt(() => mayexec.checkExecSync(0)),
       await attempt(() => mayexec.checkInteractive()),
       await attempt(() => mayexec.setSecurebits({ restrictFile: true })),
       { securebits: mayexec.getSecurebits() },
       { left: left(before) },
     ];`,
    { launcher, input: paths },
  );
  expect(outcomes).toMatchObject([
    refused,
    refused,
    refused,
    refused,
    { securebits: null },
    { left: [] },
  ]);
});

// The default profile of containers forbids unshare(2) to whom has no CAP_SYS_ADMIN.
describe('where unshare is forbidden, checks run in a child of their own', () => {
  const launcher = refusing(box, 'EPERM', 'unshare');
  needs('execveCheck')('with the same verdicts', () => {
    const verdicts = runChild<Verdict[]>(
      `const fds = [input.executable, input.plain, input.dir].map((path) => fs.openSync(path));
       return [...fds.map((fd) => mayexec.checkExecSync(fd)), await mayexec.checkExec(fds[0])];`,
      { launcher, input: paths },
    );
    expect(verdicts).toMatchObject([
      { allowed: true },
      { allowed: false, reason: 'mode' },
      { allowed: false, reason: 'not-regular' },
      { allowed: true },
    ]);
  });
  needs('execveCheck')('which leaves no process behind, and Node hears of none', () => {
    const seen = runChild<{ children: string[]; signals: number; echoed: string }>(
      `let signals = 0;
       process.on('SIGCHLD', () => signals++);
       const fd = fs.openSync(input.executable, 'r');
       for (let i = 0; i < 100; i++) mayexec.checkExecSync(fd);
       await Promise.all(Array.from({ length: 50 }, () => mayexec.checkExec(fd)));
       await new Promise((done) => setTimeout(done, 20));
       const children = fs.readdirSync('/proc').filter((pid) => {
         try {
           return fs.readFileSync('/proc/' + pid + '/status', 'utf8').includes('PPid:\\t' + process.pid + '\\n');
         } catch {
           return false; // no process, or one that has just ended
         }
       });
       const { execFileSync } = await import('node:child_process');
       return { children, signals, echoed: execFileSync('echo', ['ok'], { encoding: 'utf8' }) };`,
      { launcher, input: paths },
    );
    expect(seen).toMatchObject({ children: [], signals: 0, echoed: 'ok\n' });
  });
});
