/** What is said of files that the kernel makes up, and of a daemon that refuses executions. */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';

import { needs } from './support/kernel.js';
import { refusing } from './support/refuse.js';
import { runChild, sandbox } from './support/sandbox.js';

const here = (name: string): string =>
  fileURLToPath(new URL(`kernel-files/${name}`, import.meta.url));
const box = sandbox();

interface Answer {
  name?: string;
  code?: string;
  message?: string;
  verdict?: { allowed: boolean | null; errno?: string; reason?: string };
}

const openAsCode = `
  return attempt(() => {
    const file = mayexec.openMayExecSync(input, { enforce: true });
    file.closeSync();
    return { verdict: file.verdict };
  });`;

/**
 * The same, with the x bit where the file system takes one. The file is the whole system's,
 * whatever is mounted where: it gets its mode back.
 */
const openAsCodeWithX = `
  const { mode } = fs.statSync(input);
  try { fs.chmodSync(input, 0o755); } catch {}
  try {
    return await (async () => { ${openAsCode} })();
  } finally {
    try { fs.chmodSync(input, mode & 0o7777); } catch {}
  }`;

const OWN_FILE = 'put the code into a file of your own';

describe('a file that the kernel makes up, as executable as its file system lets it be:', () => {
  /** With what is mounted at DIR first; `:` for nothing. */
  type Row = readonly [title: string, mounts: string, file: string, expected: Answer];
  const refused = { name: 'ExecDeniedError', code: 'EACCES' };
  const never = { ...refused, verdict: { allowed: false, reason: 'noexec-mount' } };
  const notRegular = { ...refused, verdict: { allowed: false, reason: 'not-regular' } };
  const at = (type: string): string => `mount -t ${type} none DIR`;
  const rows: readonly Row[] = [
    ['procfs lets nothing be executed', at('proc'), 'DIR/version', never],
    [
      'a file of a process gets no x bit',
      at('proc'),
      'DIR/self/status',
      { ...refused, verdict: { allowed: false, reason: 'mode' } },
    ],
    ['procfs mounted noexec besides', 'mount -t proc -o noexec none DIR', 'DIR/version', never],
    ['sysfs lets nothing be executed', at('sysfs'), 'DIR/kernel/uevent_seqnum', never],
    ['cgroup2 lets nothing be executed', at('cgroup2'), 'DIR/cgroup.procs', never],
    ['mqueue lets nothing be executed', `${at('mqueue')}; touch DIR/q`, 'DIR/q', never],
    ['binfmt_misc lets nothing be executed', at('binfmt_misc'), 'DIR/status', never],
    [
      'a namespace has no x bit',
      ':',
      '/proc/self/ns/mnt',
      { ...refused, verdict: { allowed: false, reason: 'mode' } },
    ],
    [
      'a map pinned on bpffs cannot be read at all',
      `${at('bpf')}; python3 ${here('pin-map.py')} DIR/map`,
      'DIR/map',
      { name: 'SyscallError', code: 'EIO' },
    ],
    ['a device', ':', '/dev/null', notRegular],
    [
      'a program that procfs links to is a file like any other',
      ':',
      '/proc/self/exe',
      { verdict: { allowed: true } },
    ],
    [
      'a script on hugetlbfs, which holds what a user wrote',
      `${at('hugetlbfs')}; touch DIR/f; chmod 755 DIR/f`,
      'DIR/f',
      { verdict: { allowed: true } },
    ],
  ];
  for (const [title, mounts, file, expected] of rows) {
    (mounts === ':' ? test : needs('root'))(title, () => {
      const dir = box.directory(`at-${title.replace(/\W+/g, '-')}`);
      const answer = runChild<Answer>(file.startsWith('DIR') ? openAsCodeWithX : openAsCode, {
        input: file.replace('DIR', dir),
        mounts: mounts.replaceAll('DIR', dir),
      });
      expect(answer).toMatchObject(expected);
      if (expected.code !== 'EACCES') return;
      expect(answer.message).not.toContain('chmod');
      expect(answer.message).not.toContain('remount');
      if (expected !== notRegular) expect(answer.message).toContain(OWN_FILE);
    });
  }

  needs('root')('no x bit on tracefs is no reason to give it one', () => {
    const dir = box.directory('tracefs');
    const answer = runChild<Answer>(
      `return attempt(() => mayexec.openMayExecSync(input, { enforce: true }));`,
      { input: `${dir}/README`, mounts: `mount -t tracefs none ${dir}` },
    );
    expect(answer).toMatchObject({ ...refused, verdict: { reason: 'mode' } });
    expect(answer.message).toContain(`To run code, ${OWN_FILE}`);
  });

  needs('root')('user space answers like the kernel', () => {
    const dir = box.directory('emulated');
    const verdict = runChild(
      `return mayexec.checkExecSync(fs.openSync(input, 'r'), { emulate: true });`,
      {
        input: `${dir}/q`,
        mounts: `mount -t mqueue none ${dir}; touch ${dir}/q; chmod 755 ${dir}/q`,
        launcher: refusing(box, 'ENOSYS', 'execveat'),
      },
    );
    expect(verdict).toMatchObject({
      mechanism: 'emulated',
      allowed: false,
      reason: 'noexec-mount',
    });
  });

  test.each(['check', 'explain'])('mayexec %s gives the same advice', (verb) => {
    const cli = fileURLToPath(new URL('../dist/cli.cjs', import.meta.url));
    const { stdout } = runChild<{ stdout: string }>(
      `const { spawnSync } = await import('node:child_process');
       const { stdout } = spawnSync(process.execPath, input, { encoding: 'utf8' });
       return { stdout };`,
      { input: [cli, verb, '/proc/version'] },
    );
    expect(stdout).toContain(OWN_FILE);
    expect(stdout).not.toContain('chmod');
  });
});

describe('the shared object of an enclave, without the hardware,', () => {
  const object = box.path('enclave.so');
  beforeAll(() => {
    execFileSync('cc', ['-shared', '-fPIC', '-nostdlib', '-o', object, here('enclave.c')]);
  });

  type Row = readonly [
    title: string,
    mode: string,
    options: string,
    answer: object,
    driver: string,
  ];
  const refused = (reason: string) => ({
    name: 'ExecDeniedError',
    code: 'EACCES',
    verdict: { allowed: false, reason },
  });
  const allowed = { verdict: { allowed: true } };
  const rows: readonly Row[] = [
    ['that may be executed is opened as code', '755', 'exec', allowed, 'yes'],
    [
      'without an x bit is refused, which the driver would not do',
      '644',
      'exec',
      refused('mode'),
      'yes',
    ],
    [
      'on a noexec mount is refused, as the driver would do',
      '755',
      'noexec',
      refused('noexec-mount'),
      'no',
    ],
  ];
  for (const [title, mode, options, expected, driver] of rows) {
    needs('root')(title, () => {
      const dir = box.directory(`enclave-${mode}-${options}`);
      const file = `${dir}/enclave.so`;
      const mounts = `mount -t tmpfs -o ${options} none ${dir}; cp ${object} ${file}; chmod ${mode} ${file}`;
      expect(runChild<Answer>(openAsCode, { input: file, mounts })).toMatchObject(expected);
      const asked = runChild<string>(
        `const { execFileSync } = await import('node:child_process');
         return execFileSync('python3', input, { encoding: 'utf8' }).trim();`,
        { input: [here('may-execute.py'), file], mounts },
      );
      expect(asked).toBe(driver);
    });
  }

  needs('root')('is not a device, which without a driver cannot even be opened', () => {
    const dir = box.directory('enclave-device');
    const answer = runChild<Answer>(openAsCode, {
      input: `${dir}/device`,
      mounts: `mount -t tmpfs -o dev none ${dir}; mknod ${dir}/device c 10 240`,
    });
    expect(answer).toMatchObject({ name: 'SyscallError', code: 'ENODEV' });
  });
});

describe('a fanotify daemon that refuses executions', () => {
  const daemon = box.path('deny-executions');
  beforeAll(() => {
    execFileSync('cc', [
      '-O1',
      '-Wall',
      '-Wextra',
      '-Werror',
      '-o',
      daemon,
      here('deny-executions.c'),
    ]);
  });

  /** Opens DIR/name on a mount that the daemon watches. */
  const open = (name: string, content: string, options: string): Answer => {
    const dir = box.directory(`watched-${name}`);
    return runChild<Answer>(
      `return attempt(() => {
         const file = mayexec.openMayExecSync(input, ${options});
         file.closeSync();
         return { verdict: file.verdict };
       });`,
      {
        input: `${dir}/${name}`,
        mounts: `mount -t tmpfs none ${dir}; printf %s '${content}' >${dir}/${name}; chmod 755 ${dir}/${name}`,
        launcher: [daemon, dir],
      },
    );
  };

  needs('root')('is heard, and is no security module', () => {
    const { verdict, message, ...error } = open('refused', 'X', '{ enforce: true }');
    expect(error).toMatchObject({ name: 'ExecDeniedError', code: 'EPERM' });
    expect(verdict).toMatchObject({ allowed: false, errno: 'EPERM', reason: 'fanotify' });
    expect(message).toContain('a fanotify daemon such as fapolicyd');
    expect(message).toContain('fapolicyd-cli');
    expect(message).not.toContain('security module');
  });

  needs('root')('is noted where nothing binds', () => {
    const { verdict } = open('noted', 'X', '{}');
    expect(verdict).toMatchObject({ allowed: false, binding: false, reason: 'fanotify' });
  });

  needs('root')('lets pass what it trusts', () => {
    expect(open('trusted', '1', '{ enforce: true }').verdict).toMatchObject({ allowed: true });
  });
});
