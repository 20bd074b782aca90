/** What is decided, said and published about the facts of one file, under each policy. */
import { createHash } from 'node:crypto';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { closeSync, mkdirSync, openSync, writeFileSync } from 'node:fs';

import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import {
  addon,
  FACT_CHECK,
  FACT_FD,
  FACT_MODE,
  FACT_SECUREBITS,
  FACT_STDIN,
  FACTS,
  NOT_CHECKED,
  UNASKED,
  type Facts,
} from '../src/addon.js';
import { type AuditMessage } from '../src/audit.js';
import { constants } from '../src/constants.js';
import { decide, decideWithoutFile, factsOf, isInstalled, type Question } from '../src/decision.js';
import { startDigests } from '../src/digest.js';
import { EACCES, EBADF, EPERM } from '../src/errno.js';
import { codeFiles } from '../src/portable.js';
import { setSecurebits } from '../src/securebits.js';
import { needs } from './support/kernel.js';
import { sandbox } from './support/sandbox.js';

const { SECBIT_EXEC_RESTRICT_FILE: FILE, SECBIT_EXEC_DENY_INTERACTIVE: INTERACTIVE } = constants;
const box = sandbox();
const fds: number[] = [];
const open = (path: string): number => {
  const fd = openSync(path, 'r');
  fds.push(fd);
  return fd;
};
afterEach(() => {
  fds.splice(0).forEach((fd) => {
    closeSync(fd);
  });
});

const executable = box.file('executable', 0o755, 'code');
const plain = box.file('plain', 0o644, 'code');
const directory = box.directory('directory');
const ENOMEM = -12;

const ASKED: Question = {
  operation: 'load',
  origin: 'require',
  kind: 'file',
  args: { path: plain },
  toldBy: undefined,
  emulate: false,
  data: false,
  importers: undefined,
  text: undefined,
};

interface Given {
  readonly path: string;
  /** The result of the check. */
  readonly check: number;
  readonly securebits?: number;
  readonly stdin?: boolean;
  readonly asked?: Partial<Question>;
}

function factsFor({ path, check, securebits = 0, stdin = false }: Given): Facts {
  const facts = factsOf(addon(), open(path), check);
  facts[FACT_SECUREBITS] = securebits;
  facts[FACT_STDIN] = stdin ? 1 : 0;
  return facts;
}

const decided = (given: Given): ReturnType<typeof decide> =>
  decide(addon(), { ...ASKED, args: { path: given.path }, ...given.asked }, factsFor(given));

const mechanism = 'at_execve_check';
const yes = { allowed: true, mechanism };
const no = { allowed: false, mechanism, errno: 'EACCES' };

describe('about a file it is decided:', () => {
  const ENFORCED = { toldBy: 'enforce is true' };
  const denial = { name: 'ExecDeniedError', code: 'EACCES', syscall: 'execveat' };
  for (const [title, given, verdict, error] of [
    ['allowed, where nothing binds', { path: executable, check: 0 }, { ...yes, binding: false }],
    [
      'allowed, where it would bind',
      { path: executable, check: 0, securebits: FILE },
      { ...yes, binding: true },
    ],
    [
      'denied, and handed over where nothing binds',
      { path: plain, check: EACCES },
      { ...no, binding: false, reason: 'mode' },
    ],
    [
      'denied, and refused under RESTRICT_FILE',
      { path: plain, check: EACCES, securebits: FILE },
      { ...no, binding: true, reason: 'mode' },
      denial,
    ],
    [
      'denied, and handed over under DENY_INTERACTIVE alone',
      { path: plain, check: EACCES, securebits: INTERACTIVE },
      { ...no, binding: false, reason: 'mode' },
    ],
    [
      'denied, and refused where the caller enforces',
      { path: plain, check: EACCES, asked: ENFORCED },
      { ...no, binding: true, reason: 'mode' },
      denial,
    ],
    [
      'denied, and handed over as data',
      { path: plain, check: EACCES, securebits: FILE, asked: { kind: 'data' } },
      { ...no, binding: false, reason: 'mode' },
    ],
    [
      'denied, and refused as standard input under DENY_INTERACTIVE',
      { path: plain, check: EACCES, securebits: INTERACTIVE, stdin: true },
      { ...no, binding: true, reason: 'mode' },
      denial,
    ],
    [
      'denied by a security module, where mode and mount allow it',
      { path: executable, check: EACCES },
      { ...no, binding: false, reason: 'security-module' },
    ],
    [
      'denied by a daemon, which answers EPERM',
      { path: executable, check: EPERM, securebits: FILE },
      { ...no, errno: 'EPERM', binding: true, reason: 'fanotify' },
      { ...denial, code: 'EPERM' },
    ],
    [
      'denied, since it is a directory',
      { path: directory, check: EACCES, securebits: FILE },
      { ...no, binding: true, reason: 'not-regular' },
      denial,
    ],
  ] as readonly (readonly [string, Given, object, object?])[]) {
    needs('execveCheck')(title, () => {
      const decision = decided(given);
      expect(decision.verdict).toStrictEqual(verdict);
      expect(decision.failure).toBeUndefined();
      if (error === undefined) expect(decision.error).toBeUndefined();
      else expect(decision.error).toMatchObject({ ...error, path: given.path, verdict });
    });
  }

  for (const [title, check, failed] of [
    ['the check fails', ENOMEM, { code: 'ENOMEM', syscall: 'execveat' }],
    ['no thread can be started for it', UNASKED + ENOMEM, { code: 'ENOMEM', syscall: 'clone' }],
  ] as const) {
    needs('execveCheck')(`unknown, where ${title}, which only a policy makes an error`, () => {
      const loose = decided({ path: plain, check });
      const verdict = { allowed: null, mechanism, errno: 'ENOMEM' };
      expect(loose.verdict).toStrictEqual({ ...verdict, binding: false });
      expect(loose.error).toBeUndefined();
      expect(loose.failure).toMatchObject({ ...failed, path: plain });
      const bound = decided({ path: plain, check, securebits: FILE });
      expect(bound.verdict).toStrictEqual({ ...verdict, binding: true });
      expect(bound.error).toMatchObject({ ...failed, path: plain });
      expect(bound.error?.name).not.toBe('ExecDeniedError');
    });
  }

  test('unknown, where the system has no policy about scripts', () => {
    const { platform } = process;
    Object.defineProperty(process, 'platform', { value: 'darwin' });
    try {
      const native = codeFiles();
      const verdict = { allowed: null, mechanism: 'none' };
      for (const toldBy of [undefined, 'enforce is true']) {
        const binding = toldBy !== undefined;
        const decision = decideWithoutFile(native, { ...ASKED, toldBy });
        expect(decision.verdict).toStrictEqual({ ...verdict, binding });
        expect(decision.error?.name).toBe(binding ? 'UnsupportedError' : undefined);
        expect(decision.failure).toBeUndefined();
      }
      const decision = decide(native, ASKED, factsOf(native, open(plain), NOT_CHECKED));
      expect(decision.verdict).toStrictEqual({ ...verdict, binding: false });
      expect(decision.failure).toBeUndefined();
    } finally {
      Object.defineProperty(process, 'platform', { value: platform });
    }
  });
});

describe('a refusal says', () => {
  const message = (given: Given): string => decided(given).error?.message ?? 'no error';
  const SET = 'SECBIT_EXEC_RESTRICT_FILE is set';
  const bound = { check: EACCES, securebits: FILE };
  const begin = (path: string): string => `EACCES: permission denied, execveat '${path}': `;
  const missingX = 'the file has no execute permission for this user (mode 0644)';

  needs('execveCheck')('that the mode forbids it, and which command allows it', () => {
    expect(message({ path: plain, ...bound })).toBe(
      `${begin(plain)}${missingX}, and ${SET}. If it is trusted code, run chmod +x '${plain}'`,
    );
  });

  needs('execveCheck')('that the file was standard input', () => {
    const securebits = INTERACTIVE;
    expect(message({ path: plain, check: EACCES, securebits, stdin: true })).toBe(
      `${begin(plain)}${missingX}, and it is standard input, and SECBIT_EXEC_DENY_INTERACTIVE is set. If it is trusted code, run chmod +x '${plain}'`,
    );
    // Here it is refused as a file.
    expect(message({ path: plain, ...bound, stdin: true })).not.toContain('standard input');
    const asked = { kind: 'interactive' } as const;
    expect(message({ path: plain, check: EACCES, securebits, stdin: true, asked })).not.toContain(
      'standard input',
    );
  });

  needs('execveCheck')('nothing of a name that it does not know', () => {
    const fd = open(plain);
    const error = decide(addon(), { ...ASKED, args: { fd } }, factsFor({ path: plain, ...bound }))
      .error as Error;
    expect(error.message).toMatch(
      /^EACCES: permission denied, execveat fd \d+: .*chmod \+x the file$/,
    );
  });

  needs('execveCheck')('what a file of the kernel is, which no mode makes a program', () => {
    expect(message({ path: '/proc/self/status', ...bound })).toMatch(
      /\(mode 0444\), and SECBIT_EXEC_RESTRICT_FILE is set\. To run code, put the code into a file of your own: /,
    );
  });

  needs('execveCheck')('what it is when it is no file', () => {
    expect(message({ path: directory, ...bound })).toBe(
      `${begin(directory)}only a regular file can be executed, and this is a directory, and ${SET}: name the script file itself`,
    );
  });

  needs('execveCheck')('who else refuses', () => {
    const allowed = 'its mode and mount allow execution, so it is refused by';
    expect(message({ path: executable, ...bound })).toContain(
      `${allowed} a security module (IMA, IPE, Landlock, SELinux, Smack, AppArmor, BPF), and ${SET}. To change that, sign, label or allow it`,
    );
    expect(message({ path: executable, ...bound, check: EPERM })).toContain(
      `${allowed} a program that watches executions (a fanotify daemon such as fapolicyd, or BPF), and ${SET}. To change that, let that program trust it`,
    );
  });

  needs('execveCheck')('who imported it, and how to seal all of its application', () => {
    mkdirSync(box.path('application/lib'), { recursive: true });
    writeFileSync(box.path('application/package.json'), '{}');
    const path = box.file('application/lib/a.js', 0o644);
    const importers = (): readonly string[] => ['/b.js', '/c.js'];
    const tree = `'${box.path('application')}'`;
    expect(message({ path, ...bound, asked: { importers } })).toBe(
      `${begin(path)}${missingX}, and ${SET}. If it is trusted code, run chmod +x '${path}', or for the whole tree mayexec scan ${tree} and mayexec seal ${tree}\nRequire stack:\n- /b.js\n- /c.js`,
    );
    const none = message({ path, ...bound, asked: { importers: () => [] } });
    expect(none).toContain('mayexec seal');
    expect(none).not.toContain('Require stack');
    // No module: the API's caller, a file of the kernel, a name that leads to no application.
    expect(message({ path, ...bound })).not.toContain('seal');
    for (const args of [{ path: 'relative.js' }, {}, { path: '/nowhere/a.js' }])
      expect(message({ path, ...bound, asked: { importers, args } })).not.toContain('seal');
    const status = message({
      path: '/proc/self/status',
      ...bound,
      asked: { importers, args: { path } },
    });
    expect(status).not.toContain('seal');
    // Data, which seal leaves alone.
    expect(message({ path, ...bound, asked: { importers, data: true } })).toBe(
      `${begin(path)}${missingX}, and ${SET}. If it is trusted code, run chmod +x '${path}'. --strict refuses data as well. To allow all data, open the gate 'data': add --allow=data to mayexec run --strict\nRequire stack:\n- /b.js\n- /c.js`,
    );
  });

  needs('execveCheck')('that code comes from no file', () => {
    const { error, failure, verdict } = decideWithoutFile(addon(), {
      ...ASKED,
      origin: 'LUA_INIT',
      toldBy: 'enforce is true',
    });
    expect(verdict).toStrictEqual({ ...no, binding: true });
    expect(failure).toBeUndefined();
    expect(error).toMatchObject({
      name: 'ExecDeniedError',
      code: 'EACCES',
      syscall: 'prctl',
      verdict,
      message:
        'EACCES: permission denied, prctl: code that comes from no file (LUA_INIT) is refused, since enforce is true. Put it into an executable file and run that',
    });
  });

  needs('execveCheck')('nothing where code that comes from no file may run', () => {
    expect(decideWithoutFile(addon(), ASKED)).toStrictEqual({
      verdict: { ...yes, binding: false },
      error: undefined,
      failure: undefined,
    });
  });
});

describe('what is published', () => {
  let published: AuditMessage[] = [];
  const listen = (message: unknown): void => void published.push(message as AuditMessage);
  beforeEach(() => {
    published = [];
    subscribe('mayexec:check', listen);
  });
  afterEach(() => {
    unsubscribe('mayexec:check', listen);
  });

  const about = { operation: 'load', origin: 'require', path: plain };
  for (const [title, given, message] of [
    [
      'of a file that is refused says so',
      { path: plain, check: EACCES, securebits: FILE },
      { ...about, denied: true, wouldDeny: true },
    ],
    [
      'of a file that would be refused says so',
      { path: plain, check: EACCES },
      { ...about, denied: false, wouldDeny: true },
    ],
    [
      'of data never says that it would be refused',
      { path: plain, check: EACCES, asked: { kind: 'data' } },
      { ...about, denied: false, wouldDeny: false },
    ],
    [
      'of a file that is allowed says so',
      { path: executable, check: 0, securebits: FILE },
      { ...about, path: executable, denied: false, wouldDeny: false },
    ],
    [
      'of a check that failed is that it would be refused',
      { path: plain, check: ENOMEM },
      { ...about, denied: false, wouldDeny: true },
    ],
    [
      'names the importers',
      { path: plain, check: EACCES, asked: { importers: () => ['/b.js'] } },
      { ...about, denied: false, wouldDeny: true, importers: ['/b.js'] },
    ],
  ] as readonly (readonly [string, Given, object])[]) {
    needs('execveCheck')(title, () => {
      const { verdict } = decided(given);
      expect(published).toStrictEqual([{ ...message, verdict, fd: fds[0] }]);
    });
  }

  test('where the system has no policy is that code without a file would be refused', () => {
    const { platform } = process;
    Object.defineProperty(process, 'platform', { value: 'darwin' });
    try {
      for (const toldBy of [undefined, 'enforce is true']) {
        const { verdict } = decideWithoutFile(codeFiles(), { ...ASKED, args: {}, toldBy });
        const denied = toldBy !== undefined;
        const { operation, origin } = ASKED;
        expect(published.pop()).toStrictEqual({
          operation,
          origin,
          verdict,
          denied,
          wouldDeny: true,
        });
      }
    } finally {
      Object.defineProperty(process, 'platform', { value: platform });
    }
  });

  needs('execveCheck')('of code without a file has its text, and no fd', () => {
    for (const toldBy of [undefined, 'enforce is true']) {
      const { verdict } = decideWithoutFile(addon(), { ...ASKED, args: {}, toldBy, text: '1' });
      const { operation, origin } = ASKED;
      const denied = toldBy !== undefined;
      expect(published.pop()).toStrictEqual({
        operation,
        origin,
        verdict,
        denied,
        wouldDeny: true,
        text: '1',
      });
    }
  });
});

describe('what is published while a log is written', () => {
  const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
  const digests = (act: () => unknown): (string | undefined)[] => {
    const found: (string | undefined)[] = [];
    const listen = (message: unknown): void => {
      found.push((message as AuditMessage).sha256);
    };
    // It is for good, so these are the last that publish.
    startDigests();
    subscribe('mayexec:check', listen);
    try {
      act();
    } finally {
      unsubscribe('mayexec:check', listen);
    }
    return found;
  };
  needs('execveCheck')('has the digest of a regular file, by what was read or by its fd', () => {
    const facts = factsFor({ path: plain, check: EACCES });
    expect(digests(() => decide(addon(), ASKED, facts))).toStrictEqual([sha256('code')]);
    const read = Buffer.from('as it was read');
    expect(digests(() => decide(addon(), ASKED, facts, read))).toStrictEqual([
      sha256('as it was read'),
    ]);
    const content = Buffer.from('none');
    const about = factsFor({ path: directory, check: EACCES });
    expect(digests(() => decide(addon(), ASKED, about, content))).toStrictEqual([undefined]);
  });
  needs('execveCheck')('has the digest of code without a file, if it is known', () => {
    const ask = (text: string | undefined) => () => decideWithoutFile(addon(), { ...ASKED, text });
    expect(digests(ask('code'))).toStrictEqual([sha256('code')]);
    expect(digests(ask(undefined))).toStrictEqual([undefined]);
  });
});

describe('an installed script', () => {
  for (const [title, path, stdin, installed] of [
    ['is a regular file', plain, false, true],
    ['is not standard input', plain, true, false],
    ['is not a directory', directory, false, false],
  ] as const) {
    needs('prctl')(title, () => {
      expect(isInstalled(factsFor({ path, check: 0, stdin }))).toBe(installed);
    });
  }
});

describe("the facts about a caller's fd", () => {
  needs('prctl')('are its number, its mode and the check', () => {
    const fd = open(plain);
    const facts = factsOf(addon(), fd, EACCES);
    expect(facts).toHaveLength(FACTS);
    expect(facts[FACT_FD]).toBe(fd);
    expect(facts[FACT_CHECK]).toBe(EACCES);
    expect(facts[FACT_MODE]).toBe(0o100644);
    expect(facts[FACT_STDIN]).toBe(0);
  });
  needs('execveCheck', 'prctl')('have the securebits of now', () => {
    setSecurebits({ restrictFile: true });
    try {
      expect(factsOf(addon(), open(plain), 0)[FACT_SECUREBITS]).toBe(FILE);
    } finally {
      setSecurebits({ restrictFile: false });
    }
    expect(factsOf(addon(), open(plain), 0)[FACT_SECUREBITS]).toBe(0);
  });
  needs('prctl')('have no mode where it is not open', () => {
    const facts = factsOf(addon(), 99_999, EBADF);
    expect(facts[FACT_FD]).toBe(99_999);
    expect(facts[FACT_MODE]).toBe(0);
  });
});
