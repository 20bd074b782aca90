import { execFileSync } from 'node:child_process';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';

import { needs } from './support/kernel.js';
import { runChild, sandbox } from './support/sandbox.js';

// A process may be given a filter at any time, so that a call worked once proves
// nothing about the next.
const box = sandbox();
const library = box.path('refuse-later.so');
execFileSync('cc', [
  ...['-std=c11', '-shared', '-fPIC', '-o', library],
  fileURLToPath(new URL('programs/refuse-later.c', import.meta.url)),
]);
const paths = {
  executable: box.file('executable', 0o755),
  plain: box.file('plain', 0o644),
  library,
};

// Of the architectures that lab/refuse.c knows.
const numbers = { openat2: 437, execveat: process.arch === 'arm64' ? 281 : 322 };

/** What two opens, a binding open, and openat2 give, after a first open that worked. */
function afterFilter(syscall: keyof typeof numbers, errno: 'ENOSYS' | 'EPERM'): unknown {
  return runChild(
    `const verdict = (path, options) => attempt(() => {
       const file = mayexec.openMayExecSync(path, options);
       file.closeSync();
       return file.verdict;
     });
     const before = await verdict(input.executable, { enforce: true });
     if (before.allowed !== true) return before;
     try {
       process.dlopen({ exports: {} }, input.library);
     } catch {} // it is no addon
     return [
       await verdict(input.executable),
       await verdict(input.plain),
       await verdict(input.plain, { enforce: true }),
       await attempt(() => mayexec.openat2(input.executable).then(fs.closeSync)),
     ];`,
    {
      input: paths,
      env: {
        REFUSE_SYSCALL: String(numbers[syscall]),
        REFUSE_ERRNO: String(constants.errno[errno]),
      },
    },
  );
}

const unsupported = { name: 'UnsupportedError', reason: 'filtered' };

for (const errno of ['ENOSYS', 'EPERM'] as const) {
  needs(
    'openat2',
    'execveCheck',
    'prctl',
  )(
    `openat2 that answers ${errno} after the first call is filtered, and files are still checked`,
    () => {
      expect(afterFilter('openat2', errno)).toMatchObject([
        { allowed: true },
        { allowed: false, reason: 'mode' },
        { name: 'ExecDeniedError' },
        unsupported,
      ]);
    },
  );
  needs(
    'openat2',
    'execveCheck',
    'prctl',
  )(`execveat that answers ${errno} after the first call is filtered, never a denial`, () => {
    const unasked = { allowed: null, mechanism: 'none', errno };
    expect(afterFilter('execveat', errno)).toMatchObject([unasked, unasked, unsupported, null]);
  });
}
