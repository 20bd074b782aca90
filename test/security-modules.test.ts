/**
 * Which of the kernel's security modules hear the check, and what mayexec says where they refuse.
 * Each runs as a kernel of the lab, with a policy of lab/security.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { describe, expect } from 'vitest';

import { ExecDeniedError, openMayExecSync, readMayExecSync } from '../src/index.js';
import { launcher } from './launch/launcher.js';
import { nodeBinary } from './preload/versions.js';
import { needs } from './support/kernel.js';
import { sandbox } from './support/sandbox.js';

const box = sandbox();
const TEXT = `#!/usr/bin/env node\nconsole.log('ran');\n`;
const granted = { allowed: true, mechanism: 'at_execve_check' };

/** How a module is told which file to refuse. AppArmor and TOMOYO go by the name refused.cjs. */
const labels: Readonly<Record<string, readonly [attribute: string, label: string]>> = {
  selinux: ['security.selinux', 'lab:object_r:refused_t'],
  smack: ['security.SMACK64', 'Refused'],
};

function refusedFile(module: string, folder: string): string {
  const file = box.file(`${folder}/refused.cjs`, 0o755, TEXT);
  const label = labels[module];
  if (label !== undefined) execFileSync('setfattr', ['-n', label[0], '-v', label[1], file]);
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

describe.for(['selinux', 'smack', 'apparmor'] as const)('%s', (module) => {
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
    const file = refusedFile(module, 'capability');
    chownSync(file, 12_345, 12_345);
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
  declare('is what mayexec check tells', () => {
    const command = fileURLToPath(new URL('../dist/cli.cjs', import.meta.url));
    const file = refusedFile(module, 'check');
    const { stdout } = spawnSync(process.execPath, [command, 'check', file], { encoding: 'utf8' });
    expect(stdout).toContain('refused by a security module');
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
