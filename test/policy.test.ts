import { closeSync, openSync } from 'node:fs';
import { describe, expect } from 'vitest';

import type { Securebits, Verdict } from '../src/index.js';
import { needs } from './support/kernel.js';
import { runChild, sandbox } from './support/sandbox.js';

const box = sandbox();
const executable = box.file('executable', 0o755, 'code');
const plain = box.file('plain', 0o644, 'code');

// What the kernel's check_exec document asks of an interpreter, by securebits.
const settings = [
  { bits: {}, file: false, interactive: false },
  { bits: { restrictFile: true }, file: true, interactive: false },
  { bits: { denyInteractive: true }, file: false, interactive: true },
  { bits: { restrictFile: true, denyInteractive: true }, file: true, interactive: true },
] as const;

interface Outcome {
  name?: string;
  code?: string;
  verdict?: Verdict;
  reason?: string;
  allowed?: boolean | null;
  binding?: boolean;
  text?: string;
}

/** Runs one expression in a child that has set these securebits. */
function under(
  bits: Partial<Securebits>,
  expression: string,
  options: Parameters<typeof runChild>[1] = {},
): Outcome {
  return runChild<Outcome>(
    `mayexec.setSecurebits(input.bits);
     return attempt(async () => ${expression});`,
    { ...options, input: { bits, executable, plain } },
  );
}

const opened = (path: string, options = '{}'): string =>
  `{ const file = mayexec.openMayExecSync(input.${path}, ${options}); return { ...file.verdict, text: file.textSync() }; }`;
const openedLater = (path: string, options = '{}'): string =>
  `{ const file = await mayexec.openMayExec(input.${path}, ${options}); return { ...file.verdict, text: await file.text() }; }`;

for (const { bits, file, interactive } of settings) {
  const names = Object.keys(bits).join(' and ') || 'no securebit';
  describe(`with ${names} set`, () => {
    for (const [form, open] of [
      ['openMayExecSync', opened],
      ['openMayExec', openedLater],
    ] as const) {
      needs('execveCheck')(`${form} hands over an executable file`, () => {
        expect(under(bits, open('executable'))).toMatchObject({
          allowed: true,
          binding: file,
          text: 'code',
        });
      });
      const does = file ? 'refuses' : 'hands over';
      needs('execveCheck')(`${form} ${does} a file without x`, () => {
        const outcome = under(bits, open('plain'));
        const verdict = { allowed: false, binding: file, reason: 'mode' };
        expect(outcome).toMatchObject(file ? { name: 'ExecDeniedError', verdict } : verdict);
      });
      needs('execveCheck')(`${form} with enforce: false ${does} a file without x`, () => {
        const outcome = under(bits, open('plain', '{ enforce: false, emulate: true }'));
        expect(outcome.name).toBe(file ? 'ExecDeniedError' : undefined);
      });
      needs('execveCheck')(`${form} with enforce: true refuses a file without x`, () => {
        expect(under(bits, open('plain', '{ enforce: true }')).name).toBe('ExecDeniedError');
      });
    }

    needs('execveCheck')('checkExec never throws for a denial, and says whether it binds', () => {
      const outcome = under(bits, `mayexec.checkExec(fs.openSync(input.plain, 'r'))`);
      expect(outcome).toMatchObject({ allowed: false, binding: file });
    });

    const may = interactive ? 'is refused' : 'may run';
    needs('execveCheck')(`code without a file ${may}`, () => {
      const verdict = { allowed: !interactive, binding: interactive };
      expect(under(bits, 'mayexec.checkInteractive()')).toMatchObject(
        interactive ? { name: 'ExecDeniedError', code: 'EACCES', verdict } : verdict,
      );
    });

    const stdin = (path: string): Outcome => {
      const fd = openSync(path, 'r');
      try {
        return under(bits, 'mayexec.checkInteractive({ fd: 0 })', { stdin: fd });
      } finally {
        closeSync(fd);
      }
    };
    needs('execveCheck')('standard input from an executable file may run', () => {
      expect(stdin(executable)).toMatchObject({ allowed: true, binding: interactive });
    });
    needs('execveCheck')(`standard input from a file without x ${may}`, () => {
      const verdict = { allowed: false, binding: interactive, reason: 'mode' };
      expect(stdin(plain)).toMatchObject(
        interactive ? { name: 'ExecDeniedError', verdict } : verdict,
      );
    });
    needs('execveCheck')(`standard input from a pipe ${may}`, () => {
      const piped = under(bits, 'mayexec.checkInteractive({ fd: 0 })', {
        launcher: ['sh', '-c', 'echo code | "$@"', 'sh'],
      });
      const verdict = { allowed: false, binding: interactive, reason: 'not-regular' };
      expect(piped).toMatchObject(interactive ? { name: 'ExecDeniedError', verdict } : verdict);
    });
    needs('execveCheck')('code without a file is refused under enforce: true', () => {
      expect(under(bits, 'mayexec.checkInteractive({ enforce: true })').name).toBe(
        'ExecDeniedError',
      );
    });
  });
}

describe('a denial', () => {
  needs('execveCheck')('says which file, why, and what to do', () => {
    expect(under({ restrictFile: true }, opened('plain'))).toMatchObject({
      message: `EACCES: permission denied, execveat '${plain}': the file has no execute permission for this user (mode 0644), and SECBIT_EXEC_RESTRICT_FILE is set. If it is trusted code, run chmod +x '${plain}'`,
      code: 'EACCES',
      errno: -13,
      syscall: 'execveat',
      path: plain,
    });
  });
  needs('execveCheck')('is not undone by a program that patches what it can reach', () => {
    const outcomes = runChild<Outcome[]>(
      `mayexec.setSecurebits({ restrictFile: true });
       mayexec.probe();
       for (const name of ['0', '1', '2', '3', 'check', 'fd', 'securebits']) {
         for (const prototype of [Array.prototype, Object.prototype]) {
           Object.defineProperty(prototype, name, { set() {}, get: () => 0, configurable: true });
         }
       }
       const iterator = Array.prototype[Symbol.iterator];
       Array.prototype[Symbol.iterator] = function* () {
         for (let i = 0; i < this.length; i++) yield typeof this[i] === 'number' ? 0 : this[i];
       };
       const outcomes = [
         await attempt(() => mayexec.openMayExecSync(input)),
         await attempt(() => mayexec.openMayExec(input)),
         await attempt(() => mayexec.readMayExecSync(input)),
       ];
       Array.prototype[Symbol.iterator] = iterator;
       for (const name of ['0', '1', '2', '3', 'check', 'fd', 'securebits']) {
         delete Array.prototype[name];
         delete Object.prototype[name];
       }
       return outcomes;`,
      { input: plain },
    );
    expect(outcomes.map(({ name }) => name)).toEqual([
      'ExecDeniedError',
      'ExecDeniedError',
      'ExecDeniedError',
    ]);
  });
  needs('execveCheck')('is the same in a runtime whose node:fs does not know the fd', () => {
    const fifo = box.fifo('fifo', 0o755);
    const denials = (before: string): Outcome[] =>
      runChild(
        `mayexec.setSecurebits({ restrictFile: true });
         const denials = [];
         for (const path of input) denials.push(await attempt(() => mayexec.openMayExecSync(path)));
         const [path] = input;
         denials.push(await attempt(() => mayexec.checkExecSync(fs.openSync(path))));
         return denials;`,
        { input: [plain, fifo, '/dev/null'], before },
      );
    const unknown = `
      import { createRequire, syncBuiltinESMExports } from 'node:module';
      createRequire('/')('fs').fstatSync = () => {
        throw new Error('EBADF: bad file descriptor, fstat');
      };
      syncBuiltinESMExports();`;
    const denied = denials('');
    expect(denied.map(({ verdict, reason }) => verdict?.reason ?? reason)).toEqual([
      'mode',
      'not-regular',
      'not-regular',
      'mode',
    ]);
    expect(denials(unknown)).toEqual(denied);
  });
  needs('execveCheck')('leaves no fd open, in any form', () => {
    const left = runChild<string[]>(
      `mayexec.setSecurebits({ restrictFile: true });
       await attempt(() => mayexec.openMayExec(input)); // starts the pool
       const before = fds();
       await attempt(() => mayexec.openMayExecSync(input));
       await attempt(() => mayexec.openMayExec(input));
       await attempt(() => mayexec.readMayExecSync(input));
       await attempt(() => mayexec.readMayExec(input));
       return left(before);`,
      { input: plain },
    );
    expect(left).toEqual([]);
  });
});
