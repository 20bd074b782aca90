import { Command } from 'commander';

import { machine } from '../kernel-release.js';
import { probe as ask, type Feature, type Probe } from '../probe.js';
import { exitStatus, setStatus } from './exit-status.js';
import { table } from './table.js';
import { print, printJson, styled } from './terminal.js';

export function probe(): Command {
  return new Command('probe')
    .description('show which features this machine has, what it enforces, and what is missing')
    .option('--json', 'print the answer as JSON')
    .addHelpText(
      'after',
      `
Exit status:
  0  the kernel can check a file
  3  it cannot`,
    )
    .action(({ json = false }: { json?: boolean }) => {
      const found = ask();
      if (json) printJson(found);
      else print(text(found));
      setStatus(found.mechanism === 'none' ? exitStatus.unsupported : exitStatus.ok);
    });
}

const colours = {
  supported: 'green',
  unsupported: 'yellow',
  filtered: 'red',
  unavailable: 'red',
} as const;

function state({ status, errno }: Feature): string {
  return styled(colours[status], status) + (errno === undefined ? '' : ` (${errno})`);
}

function text(found: Probe): string {
  const { openat2, oMayExec, execveCheck, securebits } = found;
  const resolve = Object.entries(openat2.resolve)
    .filter(([, feature]) => feature.status === 'supported')
    .map(([name]) => name);
  const set = securebits === null ? [] : Object.entries(securebits).filter(([, on]) => on);
  const advice = missing(found);
  return [
    table([
      ['kernel', `${found.platform} ${found.kernel} ${found.arch}`],
      ['addon', state(found.addon)],
      ['mechanism', styled(found.mechanism === 'none' ? 'red' : 'green', found.mechanism)],
      ['AT_EXECVE_CHECK', state(execveCheck)],
      ['O_MAYEXEC', state(oMayExec) + (oMayExec.dialect ? `, dialect ${oMayExec.dialect}` : '')],
      ['openat2', state(openat2)],
      ['  resolve', resolve.length === 0 ? 'none' : resolve.join(', ')],
      ['  OPENAT2_REGULAR', state(openat2.regular)],
      ['  O_EMPTYPATH', state(openat2.emptyPath)],
      [
        'securebits',
        securebits === null ? 'unknown' : set.map(([name]) => name).join(', ') || 'none',
      ],
      ['security modules', found.securityModules?.join(', ') ?? 'unknown'],
    ]),
    ...(advice.length === 0 ? [] : ['', ...advice.map((line) => `- ${line}`)]),
  ].join('\n');
}

/** The missing features, and how to get them. */
function missing(found: Probe): string[] {
  const { addon, openat2, execveCheck, mechanism, securebits, securityModules } = found;
  if (addon.status !== 'supported') return [addon.message ?? 'the addon cannot be loaded'];
  const advice: string[] = [];
  if (execveCheck.status === 'filtered') {
    advice.push(
      'A seccomp filter refuses execveat with AT_EXECVE_CHECK: allow execveat in the profile of the container or unit.',
    );
  } else if (mechanism === 'none') {
    advice.push(
      `${machine()} cannot check a file for execution: Linux 6.14 or newer can. Until then --emulate uses mode bits and the noexec mount option.`,
    );
  }
  if (openat2.status === 'filtered') {
    advice.push(
      'A seccomp filter refuses openat2: allow it in the profile of the container, or drop RestrictSUIDSGID= and DynamicUser= from the unit.',
    );
  }
  if (securebits === null) {
    advice.push('A seccomp filter hides the securebits: allow prctl in the profile.');
  } else if (mechanism !== 'none' && !securebits.restrictFile) {
    advice.push(
      'No policy is set, so verdicts do not bind. SECBIT_EXEC_RESTRICT_FILE makes them binding (docs/deploy.md).',
    );
  }
  if (securityModules === null) {
    advice.push(
      'securityfs is not mounted, so the security modules are unknown: mount -t securityfs securityfs /sys/kernel/security',
    );
  }
  return advice;
}
