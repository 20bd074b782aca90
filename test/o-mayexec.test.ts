import { execFileSync } from 'node:child_process';
import { closeSync, openSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect } from 'vitest';

import {
  checkExecSync,
  constants,
  openat2Sync,
  openMayExec,
  openMayExecSync,
  probe,
  type Verdict,
} from '../src/index.js';
import { features, needs } from './support/kernel.js';
import { runChild, sandbox } from './support/sandbox.js';

// The flag of the unmerged series, on a kernel that has it (lab/o-mayexec). The
// policies and the table are those of the series' own selftest, version 5.
const box = sandbox();
const { O_DIRECTORY, O_MAYEXEC, O_NOFOLLOW, O_NONBLOCK, O_PATH, O_RDONLY, O_RDWR } = constants;

const sysctl = '/proc/sys/fs/open_mayexec_enforce';
const enforce = (policy: number): void => {
  if (features.oMayExecSysctl) writeFileSync(sysctl, String(policy));
};
beforeEach(() => {
  enforce(0);
});
afterAll(() => {
  enforce(0);
});

const policies = { mount: 1, file: 2, 'mount and file': 3 } as const;
type Policy = keyof typeof policies;

// Which policies refuse the file.
const fixtures: readonly (readonly [title: string, mount: string, mode: number, Policy[]])[] = [
  ['an executable file on an exec mount', 'exec', 0o500, []],
  ['a file without x on an exec mount', 'exec', 0o400, ['file', 'mount and file']],
  ['an executable file on a noexec mount', 'noexec', 0o500, ['mount', 'mount and file']],
  ['a file without x on a noexec mount', 'noexec', 0o400, ['mount', 'file', 'mount and file']],
];

interface Seen {
  plain: boolean;
  open: boolean;
  withFlag: string;
  verdict: Partial<Verdict>;
  checked: Partial<Verdict>;
  directory: string;
}

/** What becomes of one file, as root or as root without the two DAC capabilities. */
function look(mount: string, mode: number, capable: boolean): Seen {
  const dir = box.directory(`mount-${mount}`);
  const caps = ['setpriv', '--bounding-set=-dac_override,-dac_read_search'];
  return runChild<Seen>(
    `const { O_DIRECTORY, O_MAYEXEC, O_RDONLY } = mayexec.constants;
     const path = input.dir + '/script';
     fs.writeFileSync(path, '+');
     fs.chmodSync(path, input.mode);
     const tried = (open) => attempt(async () => fs.closeSync(open()));
     const codeOf = async (open) => (await tried(open))?.code ?? 'ok';
     const opened = await attempt(() => mayexec.openMayExecSync(path));
     return {
       plain: (await codeOf(() => mayexec.openat2Sync(path))) === 'ok',
       open: (await codeOf(() => fs.openSync(path, O_RDONLY | O_MAYEXEC))) === 'ok',
       withFlag: await codeOf(() => mayexec.openat2Sync(path, { flags: O_RDONLY | O_MAYEXEC })),
       verdict: opened.verdict,
       checked: mayexec.checkExecSync(fs.openSync(path, 'r')),
       directory: await codeOf(() =>
         mayexec.openat2Sync(input.dir, { flags: O_RDONLY | O_DIRECTORY | O_MAYEXEC })),
     };`,
    {
      input: { dir, mode },
      mounts: `mount -t tmpfs -o size=64k,mode=0700,${mount} none ${dir}`,
      launcher: capable ? [] : caps,
    },
  );
}

const refusedDirectory = features.oMayExec === 'v6' ? 'EISDIR' : 'EACCES';

for (const [name, policy] of Object.entries(policies)) {
  describe(`with the policy ${name}`, () => {
    // Compiled in, both are enforced and nothing else can be.
    const declare =
      features.oMayExec !== null && !features.oMayExecSysctl && policy === 3
        ? needs('oMayExec')
        : needs('oMayExecSysctl');
    for (const [title, mount, mode, refusing] of fixtures) {
      const refused = refusing.includes(name as Policy);
      declare(`${title} is ${refused ? 'refused' : 'opened'}`, () => {
        enforce(policy);
        for (const capable of [true, false]) {
          const { verdict, checked, ...seen } = look(mount, mode, capable);
          expect(seen).toEqual({
            plain: true,
            open: true,
            withFlag: refused ? 'EACCES' : 'ok',
            directory: refusedDirectory,
          });
          const expected = { allowed: !refused, binding: true, mechanism: 'o_mayexec' };
          expect(verdict).toMatchObject(expected);
          expect(checked).toMatchObject(expected);
          if (refused) {
            const reason = mount === 'noexec' ? 'noexec-mount' : 'mode';
            expect(verdict).toMatchObject({ errno: 'EACCES', reason });
          }
        }
      });
    }
  });
}

describe('the sysctl', () => {
  const write = (value: number, ...launcher: string[]): { code?: string } | null =>
    runChild(`return attempt(() => fs.writeFileSync('${sysctl}', '${value}'));`, { launcher });
  needs('oMayExecSysctl')('is for root alone', () => {
    expect(statSync(sysctl).mode & 0o777).toBe(0o600);
  });
  needs('oMayExecSysctl')('is not written without CAP_MAC_ADMIN, or v6: CAP_SYS_ADMIN', () => {
    const capability = features.oMayExec === 'v6' ? 'sys_admin' : 'mac_admin';
    expect(write(1, 'setpriv', `--bounding-set=-${capability}`)).toMatchObject({ code: 'EPERM' });
    expect(readFileSync(sysctl, 'utf8').trim()).toBe('0');
    expect(write(1)).toBeNull();
    expect(readFileSync(sysctl, 'utf8').trim()).toBe('1');
  });
  needs('oMayExecSysctl')('takes 0 to 3', () => {
    expect(write(4)).toMatchObject({ code: 'EINVAL' });
  });
});

describe('whatever the policy', () => {
  const open = (path: string, flags: number): string => {
    try {
      closeSync(openat2Sync(path, { flags: flags | O_MAYEXEC }));
      return 'ok';
    } catch (error) {
      return (error as NodeJS.ErrnoException).code ?? String(error);
    }
  };
  const executable = box.file('executable', 0o755);
  const link = box.symlink('link', executable);
  const fifo = box.fifo('fifo', 0o755);
  const socket = box.socket('socket');
  // What both dialects answer; a directory tells them apart.
  const cases: readonly (readonly [string, () => string | Promise<string>, number, string])[] = [
    ['an executable file is opened', () => executable, O_RDONLY, 'ok'],
    ['a directory is refused', () => box.dir, O_RDONLY, refusedDirectory],
    ['so it is with O_DIRECTORY', () => box.dir, O_RDONLY | O_DIRECTORY, refusedDirectory],
    ['a fifo is refused', () => fifo, O_RDONLY | O_NONBLOCK, 'EACCES'],
    ['a socket is refused', () => socket, O_RDONLY, 'EACCES'],
    ['a character device is refused', () => '/dev/null', O_RDONLY, 'EACCES'],
    ['O_PATH cannot carry the flag', () => executable, O_PATH, 'EINVAL'],
    ['a symbolic link is followed', () => link, O_RDONLY, 'ok'],
    ['and not with O_NOFOLLOW', () => link, O_RDONLY | O_NOFOLLOW, 'ELOOP'],
    ['O_RDWR is checked too', () => executable, O_RDWR, 'ok'],
  ];
  for (const [title, path, flags, outcome] of cases) {
    needs('oMayExec')(title, async () => {
      expect(open(await path(), flags)).toBe(outcome);
    });
  }

  needs('oMayExec')('openMayExec refuses a fifo, and says why', async () => {
    for (const opening of [() => openMayExecSync(fifo), () => openMayExec(fifo)]) {
      await expect((async () => opening())()).rejects.toMatchObject({
        name: 'ExecDeniedError',
        syscall: 'openat2',
        verdict: { allowed: false, binding: true, mechanism: 'o_mayexec', reason: 'not-regular' },
      });
    }
  });
  needs('oMayExec')('a directory is EISDIR, as everywhere', async () => {
    for (const opening of [() => openMayExecSync(box.dir), () => openMayExec(box.dir)]) {
      await expect((async () => opening())()).rejects.toMatchObject({
        name: 'FileTypeError',
        code: 'EISDIR',
      });
    }
  });
  needs('oMayExecSysctl')('sysctl 0 refuses no regular file', () => {
    const plain = openSync(box.file('plain', 0o644), 'r');
    expect(checkExecSync(plain)).toEqual({ allowed: true, binding: true, mechanism: 'o_mayexec' });
    closeSync(plain);
  });
  needs('oMayExec')('a file that may not be read is no execution denial', () => {
    const path = box.file('unreadable', 0o711);
    expect(
      runChild(`return attempt(() => mayexec.openMayExecSync(input));`, {
        input: path,
        uid: 12345,
      }),
    ).toMatchObject({ name: 'PermissionError', code: 'EACCES', syscall: 'openat2' });
  });
  needs('oMayExec')(
    'probe names the mechanism, the dialect, and whether there is the sysctl',
    () => {
      expect(probe()).toMatchObject({
        mechanism: 'o_mayexec',
        oMayExec: {
          status: 'supported',
          errno: refusedDirectory,
          dialect: features.oMayExec,
          sysctl: features.oMayExecSysctl,
        },
      });
    },
  );
});

// Writable mounts are noexec, the rest is read-only: then what is executable is
// what was installed.
describe('W^X', () => {
  const inc = new URL('../examples/inc/inc.mjs', import.meta.url);
  const run = (): unknown => {
    const [installed, data] = [box.directory('installed'), box.directory('data')];
    return runChild(
      `if (input.restrict) mayexec.setSecurebits({ restrictFile: true });
       const { spawnSync } = await import('node:child_process');
       const inc = (file) => {
         const { status, stdout } = spawnSync(process.execPath, [input.inc, file], { encoding: 'utf8' });
         return { status, stdout };
       };
       const dropped = await attempt(() => fs.writeFileSync(input.installed + '/dropped', '+', { mode: 0o755 }));
       fs.writeFileSync(input.data + '/dropped', '+', { mode: 0o755 });
       return [inc(input.installed + '/script'), inc(input.data + '/dropped'), dropped.code];`,
      {
        input: { inc: inc.pathname, installed, data, restrict: features.oMayExec === null },
        mounts: [
          `mount -t tmpfs -o exec none ${installed}`,
          `printf '+\\n' >${join(installed, 'script')}`,
          `chmod 755 ${join(installed, 'script')}`,
          `mount -o remount,ro ${installed}`,
          `mount -t tmpfs -o noexec none ${data}`,
        ].join('\n'),
      },
    );
  };
  const outcome = [{ status: 0, stdout: '1\n' }, { status: 1, stdout: '' }, 'EROFS'];
  needs('oMayExec')(
    'under O_MAYEXEC: the installed script runs, the dropped one is refused',
    () => {
      enforce(1);
      expect(run()).toEqual(outcome);
    },
  );
  needs('execveCheck', 'unshare')('under SECBIT_EXEC_RESTRICT_FILE: the same', () => {
    expect(run()).toEqual(outcome);
  });
});

needs('oMayExec')('the series compiled into the kernel is what the table says', () => {
  const there = execFileSync('sh', ['-c', `test -e ${sysctl} && echo yes || echo no`], {
    encoding: 'utf8',
  });
  expect(there).toBe(features.oMayExecSysctl ? 'yes\n' : 'no\n');
});
