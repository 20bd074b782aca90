/**
 * Code is read from a path, and the path leads to what is no regular file, or to standard
 * input: those are commands from an fd under a name, so they are refused under either
 * securebit.
 */
import { readFileSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect } from 'vitest';

import { preload } from '../support/built.js';
import { policies, type Policy } from './kernel-cases.js';
import { PolicyHost, type Outcome } from './policy-host.js';
import { MAJORS, nodeBinary, rowsOn } from './versions.js';
import { needs } from '../support/kernel.js';
import { sandbox } from '../support/sandbox.js';

const box = sandbox();
const plain = box.file('plain.cjs', 0o644, `require('fs').writeSync(1, 'RAN\\n')`);
const executable = box.file('executable.cjs', 0o755, readFileSync(plain));
const other = box.file('other.cjs', 0o644, readFileSync(plain));
const fifo = box.fifo('fifo', 0o755);
const opener = fileURLToPath(new URL('../programs/open-path.mjs', import.meta.url));

const hosts = new Map(Object.entries(policies).map(([name, bits]) => [name, new PolicyHost(bits)]));
afterAll(() => {
  for (const host of hosts.values()) host.close();
  rmSync(box.dir, { recursive: true, force: true });
});

const NONE: readonly Policy[] = [];
const BY_FILE: readonly Policy[] = ['restrict file', 'both'];
const BY_EITHER: readonly Policy[] = ['restrict file', 'deny interactive', 'both'];

/** `$RUN` is the command that is given a path; it is run by bash. */
const ways: readonly { name: string; command: string; refusedBy: readonly Policy[]; api?: true }[] =
  [
    {
      name: 'a pipe by /dev/stdin',
      command: `cat ${plain} | $RUN /dev/stdin`,
      refusedBy: BY_EITHER,
    },
    { name: 'a pipe by /dev/fd/0', command: `cat ${plain} | $RUN /dev/fd/0`, refusedBy: BY_EITHER },
    {
      name: 'a pipe by /proc/self/fd/0',
      command: `cat ${plain} | $RUN /proc/self/fd/0`,
      refusedBy: BY_EITHER,
    },
    {
      name: 'a pipe by /proc/PID/fd/0',
      command: `cat ${plain} | { exec $RUN /proc/$BASHPID/fd/0; }`,
      refusedBy: BY_EITHER,
    },
    {
      name: 'a pipe by /proc/thread-self/fd/0',
      command: `cat ${plain} | $RUN /proc/thread-self/fd/0`,
      refusedBy: BY_EITHER,
    },
    { name: 'a process substitution', command: `$RUN <(cat ${plain})`, refusedBy: BY_EITHER },
    {
      name: 'a fifo with its x bits set',
      command: `cat ${plain} > ${fifo} & $RUN ${fifo}; kill %1 2>/dev/null; true`,
      refusedBy: BY_EITHER,
    },
    {
      name: 'a symbolic link to a pipe',
      command: `ln -sf /proc/self/fd/0 ${box.path('link')}; cat ${plain} | $RUN ${box.path('link')}`,
      refusedBy: BY_EITHER,
    },
    {
      name: 'a pipe that reads from an executable file',
      command: `cat ${executable} | $RUN /dev/stdin`,
      refusedBy: BY_EITHER,
    },
    // Node reads a character device as a file without end, so these are the API's alone.
    { name: 'a device', command: `$RUN /dev/zero`, refusedBy: BY_EITHER, api: true },
    {
      name: 'a terminal',
      command: `python3 -c 'import os, pty, subprocess, sys; m, s = pty.openpty(); sys.exit(subprocess.call(sys.argv[1:] + [os.ttyname(s)]))' $RUN`,
      refusedBy: BY_EITHER,
      api: true,
    },
    // Standard input is that by whatever name, and what may be executed may be read from it.
    ...['/dev/stdin', '/dev/fd/0', '/proc/self/fd/0', '/proc/thread-self/fd/0'].map((name) => ({
      name: `a file by ${name}`,
      command: `$RUN ${name} < ${plain}`,
      refusedBy: BY_EITHER,
    })),
    {
      name: 'a file by a symbolic link to /dev/stdin',
      command: `ln -sf /dev/stdin ${box.path('file-link')}; $RUN ${box.path('file-link')} < ${plain}`,
      refusedBy: BY_EITHER,
    },
    {
      name: 'a file that was unlinked, by /dev/stdin',
      command: `cp ${plain} ${box.path('gone')}; exec < ${box.path('gone')}; rm ${box.path('gone')}; $RUN /dev/stdin`,
      refusedBy: BY_EITHER,
    },
    {
      name: 'a file by its own name, that is standard input too',
      command: `$RUN ${plain} < ${plain}`,
      refusedBy: BY_EITHER,
    },
    // Another file stays a script, whatever standard input is.
    {
      name: 'a file beside standard input that is another',
      command: `$RUN ${plain} < ${other}`,
      refusedBy: BY_FILE,
    },
    {
      name: 'a file without standard input',
      command: `$RUN ${plain} <&-`,
      refusedBy: BY_FILE,
    },
    { name: 'a file by /dev/fd/3', command: `$RUN /dev/fd/3 3< ${plain}`, refusedBy: BY_FILE },
    {
      name: 'an executable file by /dev/stdin',
      command: `$RUN /dev/stdin < ${executable}`,
      refusedBy: NONE,
    },
    { name: 'an executable file', command: `$RUN ${executable}`, refusedBy: NONE },
  ];

/** By itself Node looks for what /dev/stdin leads to, and a pipe is found nowhere. */
const UNRESOLVED = ['--preserve-symlinks-main'];

async function run(policy: Policy, command: string, program: readonly string[]): Promise<Outcome> {
  const host = hosts.get(policy);
  if (host === undefined) throw new Error(policy);
  const quoted = program.map((word) => `'${word}'`).join(' ');
  const replaced = command.replaceAll('$RUN', quoted);
  return host.run({ file: '/bin/bash', args: ['-c', replaced] });
}

function expectOutcome(outcome: Outcome, refused: boolean): void {
  const { stdout, stderr } = outcome;
  expect(stdout.includes('RAN'), stdout + stderr).toBe(!refused);
  if (refused) expect(stderr).toMatch(/EACCES|mayexec/);
}

for (const form of ['openMayExecSync', 'openMayExec', 'readMayExecSync', 'readMayExec']) {
  describe(form, () => {
    for (const { name, command, refusedBy } of ways) {
      for (const policy of Object.keys(policies) as Policy[]) {
        const refused = refusedBy.includes(policy);
        needs('execveCheck')(`${refused ? 'refuses' : 'takes'} ${name}: ${policy}`, async () => {
          expectOutcome(await run(policy, command, [process.execPath, opener, form]), refused);
        });
      }
    }
  });
}

describe.for(MAJORS)('the preload on Node %i', (major) => {
  const file = ways.find(({ name }) => name === 'a file by /dev/stdin');
  needs('execveCheck')('knows standard input where Node has followed its name', async () => {
    const program = [nodeBinary(major), '--require', preload];
    const outcome = await run('deny interactive', file?.command ?? '', program);
    expectOutcome(outcome, true);
    expect(outcome.stderr).toContain('it is standard input, and SECBIT_EXEC_DENY_INTERACTIVE');
  });
  const nodeWays = ways.filter(({ api }) => api !== true);
  for (const { name, command, refusedBy } of rowsOn(major, nodeWays, MAJORS)) {
    needs('execveCheck')(`is what stands between Node and ${name}`, async () => {
      expectOutcome(await run('both', command, [nodeBinary(major), ...UNRESOLVED]), false);
    });
    for (const policy of Object.keys(policies) as Policy[]) {
      const refused = refusedBy.includes(policy);
      needs('execveCheck')(`${refused ? 'refuses' : 'runs'} ${name}: ${policy}`, async () => {
        const program = [nodeBinary(major), '--require', preload, ...UNRESOLVED];
        expectOutcome(await run(policy, command, program), refused);
      });
    }
  }
});
