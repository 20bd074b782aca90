/**
 * Whether the reason `mode` says what the kernel says: every pattern of x bits, for the owner, for
 * a member of the file's group, for everybody else, and for root with and without the capability.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync } from 'node:fs';

import { describe, expect } from 'vitest';

import { needs } from './support/kernel.js';
import { withPrograms } from './support/other-programs.js';
import { runChild, sandbox } from './support/sandbox.js';

const box = sandbox();
const OWNER = 12_345;
const GROUP = 23_456;
const OTHER = 34_567;

const patterns = Array.from({ length: 8 }, (_, bits) => {
  const mode = 0o444 | ((bits & 4) << 4) | ((bits & 2) << 2) | (bits & 1);
  const file = box.file(`mode-${mode.toString(8)}`, mode, 'text');
  chownSync(file, OWNER, GROUP);
  chmodSync(file, mode);
  return file;
});

const withoutCapability = ['setpriv', '--bounding-set=-dac_override', '--inh-caps=-dac_override'];
const users: Readonly<Record<string, { uid?: number; gid?: number; launcher?: string[] }>> = {
  'the owner': { uid: OWNER, gid: OTHER },
  'a member of its group': { uid: OTHER, gid: GROUP },
  'somebody else': { uid: OTHER, gid: OTHER },
  'a member by a supplementary group': {
    launcher: ['setpriv', `--reuid=${OTHER}`, `--regid=${OTHER}`, `--groups=${GROUP}`],
  },
  root: {},
  'root without CAP_DAC_OVERRIDE': { launcher: withoutCapability },
};

interface Seen {
  readonly file: string;
  readonly allowed: boolean;
  readonly reason?: string;
}

/** The verdicts about these files, as this user. */
const look = (files: readonly string[], user: object): Seen[] =>
  runChild<Seen[]>(
    `return input.files.map((file) => {
       const opened = mayexec.openMayExecSync(file);
       const { allowed, reason } = opened.verdict;
       opened.closeSync();
       return { file, allowed, ...(reason === undefined ? {} : { reason }) };
     });`,
    { input: { files }, ...user },
  );

describe('a mode that forbids is the reason', () => {
  for (const [name, user] of Object.entries(users)) {
    needs('execveCheck')(`to ${name}, for all eight patterns of x`, () => {
      const seen = look(patterns, user);
      expect(seen).toEqual(
        seen.map(({ file, allowed }) =>
          allowed ? { file, allowed } : { file, allowed, reason: 'mode' },
        ),
      );
      // Root needs one x anywhere. All others need that of their class: four of eight.
      expect(seen.filter(({ allowed }) => allowed)).toHaveLength(name === 'root' ? 7 : 4);
    });
  }
});

withPrograms('setfacl')('an access control list that forbids is the reason, too', () => {
  const file = box.file('acl', 0o755, 'text');
  execFileSync('setfacl', ['-m', `u:${OTHER}:r--`, file]);
  expect(look([file], { uid: OTHER, gid: OTHER })).toEqual([
    { file, allowed: false, reason: 'mode' },
  ]);
});
