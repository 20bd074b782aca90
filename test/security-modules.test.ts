/**
 * Which of the kernel's security modules hear the check, and what mayexec says where they refuse.
 * Each runs as a kernel of the lab, with a policy of lab/security.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';

import { describe, expect } from 'vitest';

import { launcher } from './support/built.js';
import { ExecDeniedError, openMayExecSync, probe, readMayExecSync } from '../src/index.js';
import { nodeBinary } from './preload/versions.js';
import { needs } from './support/kernel.js';
import { sandbox } from './support/sandbox.js';

const box = sandbox();
const TEXT = `#!/usr/bin/env node\nconsole.log('ran');\n`;
const granted = { allowed: true, mechanism: 'at_execve_check' };

const label = (attribute: string, value: string) => (file: string) => {
  execFileSync('setfattr', ['-n', attribute, '-v', value, file]);
};

/** lab/security/bpf.c answers with the errno that the owner's number tells. */
const bpfAnswers = (errno: number) => (file: string) => {
  chownSync(file, 77_000 + errno, -1);
};

/** How a module is told which file to refuse. AppArmor and TOMOYO go by the name refused.cjs. */
const marks: Readonly<Record<string, (file: string) => void>> = {
  selinux: label('security.selinux', 'lab:object_r:refused_t'),
  smack: label('security.SMACK64', 'Refused'),
  bpf: bpfAnswers(constants.errno.EACCES),
};

function refusedFile(module: string, folder: string, owner = 0): string {
  const file = box.file(`${folder}/refused.cjs`, 0o755, TEXT);
  chownSync(file, owner, owner);
  marks[module]?.(file);
  return file;
}

function verdictOf(file: string): object {
  using opened = openMayExecSync(file);
  return opened.verdict;
}

/** What becomes of a program that execve(2) is asked to start. */
const execve = (file: string): unknown => spawnSync(file).error ?? 'started';

function denial(act: () => unknown): unknown {
  try {
    return act();
  } catch (error) {
    if (!(error instanceof ExecDeniedError)) throw error;
    return { ...error.verdict, message: error.message };
  }
}

const modules = ['selinux', 'smack', 'apparmor', 'bpf'] as const;

describe.for(modules)('%s', (module) => {
  const declare = needs(`securityModule=${module}`);
  const refusal = {
    allowed: false,
    mechanism: 'at_execve_check',
    errno: 'EACCES',
    reason: 'security-module',
  };

  declare('refuses the marked file to execve, and lets it be read', () => {
    const file = refusedFile(module, 'execve');
    expect(execve(file)).toMatchObject({ code: 'EACCES' });
    expect(readFileSync(file, 'utf8')).toBe(TEXT);
  });
  declare('hears the check, and the verdict names it as the reason', () => {
    expect(verdictOf(refusedFile(module, 'verdict'))).toMatchObject(refusal);
    expect(verdictOf(box.file('other.cjs', 0o755, TEXT))).toMatchObject(granted);
  });
  declare('binds under enforce, and the message says where to look', () => {
    const file = refusedFile(module, 'enforce');
    const expected = {
      ...refusal,
      binding: true,
      message: expect.stringContaining('the audit log of the kernel names the module') as string,
    };
    expect(denial(() => readMayExecSync(file, { enforce: true }))).toMatchObject(expected);
    expect(denial(() => openMayExecSync(file, { enforce: true }))).toMatchObject(expected);
  });
  declare('is not blamed for a mode', () => {
    const file = box.file('plain.cjs', 0o644, TEXT);
    expect(verdictOf(file)).toMatchObject({ ...refusal, reason: 'mode' });
  });
  declare('is the reason where a capability of root is what grants the x bit', () => {
    const file = refusedFile(module, 'capability', 12_345);
    chmodSync(file, 0o744);
    expect(verdictOf(file)).toMatchObject(refusal);
  });
  declare('stops Node under mayexec-run', () => {
    const run = (file: string) =>
      spawnSync(launcher, ['--', nodeBinary(22), file], { encoding: 'utf8' });
    const refused = refusedFile(module, 'node');
    expect(run(refused)).toMatchObject({ status: 126, stdout: '' });
    expect(run(box.file('node/other.cjs', 0o755, TEXT))).toMatchObject({ stdout: 'ran\n' });
  });
  declare('is what mayexec check and mayexec explain tell', () => {
    const command = fileURLToPath(new URL('../dist/cli.cjs', import.meta.url));
    const file = refusedFile(module, 'check');
    const told = (subcommand: string): string =>
      spawnSync(process.execPath, [command, subcommand, file], { encoding: 'utf8' }).stdout;
    expect(told('check')).toContain('refused by a security module');
    const explained = told('explain');
    expect(explained).toContain('refused by a security module');
    expect(explained).toMatch(new RegExp(`^ *modules .*\\b${module}\\b`, 'm'));
    expect(explained).toContain('the audit log of the kernel names the module');
    expect(explained).toContain('bpftool prog');
  });
  declare('is among the modules that probe names', () => {
    expect(probe().securityModules).toContain(module);
  });
});

// The other modules answer a check with EACCES alone. A BPF program answers with what it likes.
describe('a BPF program', () => {
  /** The last errno that Linux has a name for. */
  const LAST = 133;
  const declare = needs('securityModule=bpf');
  const { EACCES, EPERM } = constants.errno;
  const others = Array.from({ length: LAST }, (_, i) => i + 1).filter(
    (errno) => errno !== EACCES && errno !== EPERM,
  );

  declare('that answers EPERM has the reason of a fanotify daemon, and the advice names it', () => {
    const file = box.file('eperm.cjs', 0o755, TEXT);
    bpfAnswers(EPERM)(file);
    expect(denial(() => readMayExecSync(file, { enforce: true }))).toMatchObject({
      allowed: false,
      binding: true,
      errno: 'EPERM',
      reason: 'fanotify',
      message: expect.stringMatching(/or BPF\).*bpftool prog/) as string,
    });
  });

  declare(
    `that answers one of the ${others.length} other errnos denies nothing, and is an error under enforce`,
    () => {
      for (const errno of others) {
        const file = box.file(`errno-${errno}.cjs`, 0o755, TEXT);
        bpfAnswers(errno)(file);
        const verdict = verdictOf(file);
        expect(verdict, `${errno}`).toMatchObject({ allowed: null, mechanism: 'at_execve_check' });
        expect(verdict, `${errno}`).not.toHaveProperty('reason');
        const act = () => readMayExecSync(file, { enforce: true });
        expect(act, `${errno}`).toThrow(expect.objectContaining({ errno: -errno }) as Error);
        expect(act, `${errno}`).not.toThrow(ExecDeniedError);
      }
    },
  );
  declare('that answers the last number that can be an errno opens nothing under enforce', () => {
    const file = box.file('last.cjs', 0o755, TEXT);
    bpfAnswers(4095)(file);
    expect(() => openMayExecSync(file, { enforce: true })).toThrow();
  });
  declare('that answers ENOSYS stops Node under mayexec-run', () => {
    const file = box.file('enosys.cjs', 0o755, TEXT);
    bpfAnswers(constants.errno.ENOSYS)(file);
    const { status, stdout } = spawnSync(launcher, ['--', nodeBinary(22), file], {
      encoding: 'utf8',
    });
    expect({ status, stdout }).toMatchObject({ stdout: '' });
    expect(status).not.toBe(0);
  });
});

// security_bprm_check is not called for a check, and TOMOYO listens there alone.
needs('securityModule=tomoyo')(
  'TOMOYO does not hear the check of what it refuses to execve',
  () => {
    const file = refusedFile('tomoyo', 'execve');
    expect(execve(file)).toMatchObject({ code: 'EPERM' });
    expect(verdictOf(file)).toMatchObject(granted);
  },
);
