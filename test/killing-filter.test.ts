/**
 * A filter that kills the thread that makes a call. Nothing waits for a thread that is gone, and the
 * call is filtered, as where the filter answers with an errno.
 */
import { spawnSync } from 'node:child_process';

import { describe, expect, test } from 'vitest';

import { preload } from './support/built.js';
import { MAJORS, nodeBinary } from './preload/versions.js';
import { needs } from './support/kernel.js';
import { refusing } from './support/refuse.js';
import { runChild, sandbox } from './support/sandbox.js';

const box = sandbox();
const executable = box.file('executable', 0o755);
/** Not for its owner, who has no capability here: its reason takes the most calls. */
const othersMay = box.file('others-may', 0o654);
const program = box.file('program.cjs', 0o755, `console.log('ran')`);

const filtered = { name: 'UnsupportedError', reason: 'filtered' };
const allowed = { allowed: true };
const denied = { allowed: false, errno: 'EACCES' };
const unasked = { allowed: null, mechanism: 'none', errno: 'EPERM' };

/** The verdict about each file, openMayExec that enforces, openat2, and a Landlock domain. */
const CASES: readonly [call: string, outcome: object][] = [
  ['execveat', [unasked, unasked, filtered, 'opened', 'restricted']],
  ['openat2', [allowed, denied, { name: 'ExecDeniedError' }, filtered, filtered]],
  ['prctl-securebits', [filtered, filtered, filtered, 'opened', 'restricted']],
  ...['unshare', 'fgetxattr', 'fstatfs', 'faccessat2', 'pidfd_open'].map(
    (call): [string, object] => [
      call,
      [allowed, denied, { name: 'ExecDeniedError' }, 'opened', 'restricted'],
    ],
  ),
  ['landlock_create_ruleset', [allowed, denied, { name: 'ExecDeniedError' }, 'opened', filtered]],
];

describe.for(CASES)('a filter that kills a thread for %s', ([call, outcome]) => {
  const launcher = refusing(box, 'KILL', call);
  needs(
    'openat2',
    'execveCheck',
    'landlock',
    'unshare',
  )('leaves no call waiting', () => {
    const outcomes = runChild(
      `const verdict = async (path, options) => {
         const file = await mayexec.openMayExec(path, options);
         file.closeSync();
         return mayexec.openMayExecSync(path, options).verdict;
       };
       return [
         await attempt(() => verdict(input.executable)),
         await attempt(() => verdict(input.othersMay)),
         await attempt(() => verdict(input.othersMay, { enforce: true })),
         await attempt(() => mayexec.openat2(input.executable).then((fd) => (fs.closeSync(fd), 'opened'))),
         await attempt(() => mayexec.restrictExec({ allow: ['/'] }) && 'restricted'),
       ];`,
      {
        launcher: [
          'setpriv',
          '--bounding-set=-dac_override',
          '--inh-caps=-dac_override',
          ...launcher,
        ],
        input: { executable, othersMay },
      },
    );
    expect(outcomes).toMatchObject(outcome);
  });

  test.for(MAJORS)('leaves no program waiting on Node %i', (major) => {
    const [command = '', ...args] = launcher;
    const { status, stdout } = spawnSync(
      command,
      [...args, nodeBinary(major), '--require', preload, program],
      { encoding: 'utf8', timeout: 60_000, killSignal: 'SIGKILL' },
    );
    const isKnown = call !== 'prctl-securebits';
    expect({ status, stdout }).toEqual(
      isKnown ? { status: 0, stdout: 'ran\n' } : { status: 126, stdout: '' },
    );
  });
});
