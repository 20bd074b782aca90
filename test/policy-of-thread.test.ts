/** Where the policy of a thread comes from, what binds under it, and what a message says of it. */
import { describe, expect, test, vi } from 'vitest';

import { addon } from '../src/addon.js';
import { constants } from '../src/constants.js';
import { enforcePolicy, toldBy } from '../src/enforce-policy.js';
import { UnsupportedError } from '../src/errors.js';
import type * as policies from '../src/policy.js';
import { binds, whyBinding, type Policy } from '../src/policy.js';
import { needs } from './support/kernel.js';

const { SECBIT_EXEC_RESTRICT_FILE: FILE, SECBIT_EXEC_DENY_INTERACTIVE: INTERACTIVE } = constants;
const NONE = {
  files: false,
  interactive: false,
  mayEmulate: true,
  told: undefined,
  lost: { restrictFile: false, denyInteractive: false },
};
const all = (told: string): Policy => ({ ...NONE, files: true, interactive: true, told });

/** The policy module of a new thread, to which no policy was given yet. */
async function newThread(): Promise<typeof policies> {
  vi.resetModules();
  return await import('../src/policy.js');
}

describe('the policy of a thread', () => {
  for (const [title, securebits, toldBy, expected] of [
    ['without securebits', 0, undefined, NONE],
    [
      'under RESTRICT_FILE, where user space may not answer',
      FILE,
      undefined,
      { ...NONE, files: true, mayEmulate: false },
    ],
    ['under DENY_INTERACTIVE', INTERACTIVE, undefined, { ...NONE, interactive: true }],
    [
      'under both',
      FILE | INTERACTIVE,
      undefined,
      { ...NONE, files: true, interactive: true, mayEmulate: false },
    ],
    ['of a call that enforces', 0, 'enforce is true', all('enforce is true')],
    [
      'of a call that enforces under RESTRICT_FILE',
      FILE,
      'enforce is true',
      { ...all('enforce is true'), mayEmulate: false },
    ],
  ] as const) {
    needs('prctl')(`is as it should be ${title}`, async () => {
      const { currentPolicy } = await newThread();
      expect(currentPolicy(addon(), securebits, toldBy)).toEqual(expected);
    });
  }
  needs('prctl')('is unknown where the securebits are', async () => {
    const { currentPolicy } = await newThread();
    expect(() => currentPolicy(addon(), -1, undefined)).toThrow(
      expect.objectContaining({ name: UnsupportedError.name, reason: 'filtered' }) as Error,
    );
  });
  needs('prctl')('is what the preload says, and in a message what the call says', async () => {
    const thread = await newThread();
    expect(thread.anythingIsEnforced()).toBe(false);
    expect(thread.filesAreRestricted()).toBe(false);
    expect(thread.interactiveIsDenied()).toBe(false);
    thread.enforceOnThisThread('a variable is set');
    expect(thread.currentPolicy(addon(), 0, undefined)).toEqual(all('a variable is set'));
    expect(thread.currentPolicy(addon(), 0, 'the call')).toEqual(all('the call'));
    expect(thread.anythingIsEnforced()).toBe(true);
    expect(thread.filesAreRestricted()).toBe(true);
    expect(thread.interactiveIsDenied()).toBe(true);
    expect(thread.restriction()).toBe('a variable is set');
  });
  needs('prctl')('is stronger by the securebits that a user namespace has cleared', async () => {
    const thread = await newThread();
    const lost = { restrictFile: true, denyInteractive: true };
    thread.obeyLostSecurebits(lost);
    const policy = { ...NONE, files: true, interactive: true };
    expect(thread.currentPolicy(addon(), 0, undefined)).toEqual({ ...policy, lost });
    expect(thread.currentPolicy(addon(), FILE | INTERACTIVE, undefined)).toEqual({
      ...policy,
      mayEmulate: false,
    });
  });
  for (const [bit, only] of [
    ['SECBIT_EXEC_RESTRICT_FILE', { restrictFile: true, denyInteractive: false }],
    ['SECBIT_EXEC_DENY_INTERACTIVE', { restrictFile: false, denyInteractive: true }],
  ] as const) {
    needs('prctl')(`is enforced and named where only ${bit} was lost`, async () => {
      const thread = await newThread();
      thread.obeyLostSecurebits(only);
      expect(thread.filesAreRestricted()).toBe(only.restrictFile);
      expect(thread.interactiveIsDenied()).toBe(only.denyInteractive);
      expect(thread.anythingIsEnforced()).toBe(true);
      expect(thread.restriction()).toBe(
        `${bit} was set where it was started from, in another user namespace`,
      );
    });
  }
  needs('prctl')('is that of the process only where the thread obeys it', async () => {
    const thread = await newThread();
    const policy = (): Policy => thread.currentPolicy(addon(), 0, undefined);
    thread.obeyProcess();
    expect(policy()).toEqual(NONE);
    expect(toldBy(addon(), false)).toBeUndefined();
    // For good, so it is the last.
    enforcePolicy();
    expect(policy()).toEqual(all('enforcePolicy() was called'));
    expect(toldBy(addon(), false)).toBe('enforcePolicy() was called');
    expect(toldBy(addon(), true)).toBe('enforce is true');
    const other = await newThread();
    expect(other.currentPolicy(addon(), 0, undefined)).toEqual(NONE);
  });
});

describe('a negative verdict', () => {
  const each: readonly Policy[] = [
    NONE,
    { ...NONE, files: true },
    { ...NONE, interactive: true },
    { ...NONE, files: true, interactive: true },
  ];
  for (const [kind, isInstalled, binding] of [
    ['file', true, [false, true, false, true]],
    ['file', false, [false, true, true, true]],
    ['interactive', true, [false, false, true, true]],
    ['interactive', false, [false, false, true, true]],
    ['data', true, [false, false, false, false]],
    ['data', false, [false, false, false, false]],
  ] as const) {
    const what = `${kind}${isInstalled ? ', an installed script' : ''}`;
    test(`about ${what} binds where the policy says so`, () => {
      expect(each.map((policy) => binds(policy, kind, isInstalled))).toEqual(binding);
    });
  }
  for (const [why, kind, policy] of [
    ['SECBIT_EXEC_RESTRICT_FILE is set', 'file', { ...NONE, files: true, mayEmulate: false }],
    ['SECBIT_EXEC_RESTRICT_FILE is set', 'file', { ...all('told'), mayEmulate: false }],
    ['told', 'file', all('told')],
    ['told', 'interactive', { ...all('told'), mayEmulate: false }],
    ['this kernel enforces O_MAYEXEC', 'file', { ...NONE, files: true }],
    ['SECBIT_EXEC_DENY_INTERACTIVE is set', 'file', { ...NONE, interactive: true }],
    ['SECBIT_EXEC_DENY_INTERACTIVE is set', 'interactive', { ...NONE, interactive: true }],
    [
      'SECBIT_EXEC_RESTRICT_FILE was set where it was started from, in another user namespace',
      'file',
      { ...NONE, files: true, lost: { restrictFile: true, denyInteractive: false } },
    ],
    [
      'SECBIT_EXEC_DENY_INTERACTIVE was set where it was started from, in another user namespace',
      'interactive',
      { ...NONE, interactive: true, lost: { restrictFile: false, denyInteractive: true } },
    ],
    [
      'SECBIT_EXEC_DENY_INTERACTIVE is set',
      'interactive',
      { ...NONE, files: true, interactive: true, mayEmulate: false },
    ],
  ] as const) {
    test(`about a ${kind} binds since ${why}`, () => {
      expect(whyBinding(policy, kind)).toBe(why);
    });
  }
});
