import { execFileSync, spawnSync } from 'node:child_process';
import { closeSync, openSync, unlinkSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

import {
  checkExec,
  checkExecSync,
  constants,
  ExecDeniedError,
  FileBusyError,
  InvalidArgumentError,
  openMayExec,
  openMayExecSync,
  readMayExecSync,
  SymlinkError,
  type DenialReason,
  type Verdict,
} from '../src/index.js';
import { needs } from './support/kernel.js';
import { runChild, sandbox } from './support/sandbox.js';

const box = sandbox();
const program = (name: string): string =>
  fileURLToPath(new URL(`programs/${name}`, import.meta.url));
const { O_NOFOLLOW, O_NONBLOCK, O_PATH, O_RDONLY, O_RDWR, O_WRONLY } = constants;

const mechanism = 'at_execve_check';
const allowed: Verdict = { allowed: true, binding: false, mechanism };
const denied = (reason: DenialReason): Verdict => ({
  allowed: false,
  binding: false,
  mechanism,
  errno: 'EACCES',
  reason,
});

// What root is told about one open file: title, the fd, the verdict.
type Case = readonly [title: string, open: () => number | Promise<number>, verdict: Verdict];

const cases: readonly Case[] = [
  ['a script with mode 0755', () => openSync(box.file('0755', 0o755), 'r'), allowed],
  ['a script with mode 0644', () => openSync(box.file('0644', 0o644), 'r'), denied('mode')],
  ['a script with mode 0001', () => openSync(box.file('0001', 0o001), 'r'), allowed],
  ['an empty file with mode 0755', () => openSync(box.file('empty', 0o755, ''), 'r'), allowed],
  [
    'a script whose interpreter does not exist',
    () => openSync(box.file('shebang', 0o755, '#!/nonexistent\n'), 'r'),
    allowed,
  ],
  ['an ELF program', () => openSync('/bin/true', 'r'), allowed],
  [
    'an unlinked file with mode 0755',
    () => {
      const path = box.file('unlinked', 0o755);
      const fd = openSync(path, 'r');
      unlinkSync(path);
      return fd;
    },
    allowed,
  ],
  ['an O_PATH fd, mode 0755', () => openSync(box.file('path-0755', 0o755), O_PATH), allowed],
  ['an O_PATH fd, mode 0644', () => openSync(box.file('path-0644'), O_PATH), denied('mode')],
  ['a directory', () => openSync(box.directory('directory'), O_RDONLY), denied('not-regular')],
  [
    'a fifo, mode 0755',
    () => openSync(box.fifo('fifo', 0o755), O_RDWR | O_NONBLOCK),
    denied('not-regular'),
  ],
  [
    'a socket, mode 0755',
    async () => openSync(await box.socket('socket'), O_PATH),
    denied('not-regular'),
  ],
  ['a character device', () => openSync('/dev/null', O_RDONLY), denied('not-regular')],
  ['a file of procfs', () => openSync('/proc/self/status', O_RDONLY), denied('mode')],
  ['the program behind /proc/self/exe', () => openSync('/proc/self/exe', O_RDONLY), allowed],
];

describe('the verdict about', () => {
  const declare = (wanted: ReturnType<typeof needs>, [title, open, verdict]: Case): void => {
    wanted(`${title} is ${verdict.reason ?? 'that it may be executed'}`, async () => {
      const fd = await open();
      try {
        expect(checkExecSync(fd)).toEqual(verdict);
        expect(await checkExec(fd)).toEqual(verdict);
        expect(checkExecSync(fd, { enforce: true })).toEqual({ ...verdict, binding: true });
      } finally {
        closeSync(fd);
      }
    });
  };
  for (const one of cases) declare(needs('execveCheck'), one);
  declare(needs('execveCheck', 'root'), [
    'a block device, mode 0777',
    () => {
      execFileSync('mknod', ['-m', '777', box.path('block'), 'b', '7', '0']);
      return openSync(box.path('block'), O_PATH);
    },
    denied('not-regular'),
  ]);
});

describe('openMayExec and readMayExec agree with it:', () => {
  const openable = [
    ['a script with mode 0755', () => box.file('open-0755', 0o755), allowed],
    ['a script with mode 0644', () => box.file('open-0644', 0o644), denied('mode')],
    ['a fifo that nobody writes to', () => box.fifo('open-fifo', 0o755), denied('not-regular')],
    ['a device', () => '/dev/null', denied('not-regular')],
  ] as const;
  for (const [title, make, verdict] of openable) {
    needs('execveCheck')(
      `${title} is ${verdict.allowed ? 'handed over' : 'handed over, and refused under enforce'}`,
      async () => {
        const path = make();
        const file = openMayExecSync(path);
        expect(file.verdict).toEqual(verdict);
        file.closeSync();
        const again = await openMayExec(path);
        expect(again.verdict).toEqual(verdict);
        await again.close();

        const binding = { ...verdict, binding: true };
        if (verdict.allowed === true) {
          const enforced = openMayExecSync(path, { enforce: true });
          expect(enforced.verdict).toEqual(binding);
          enforced.closeSync();
          expect(readMayExecSync(path, { enforce: true, encoding: 'utf8' })).toBe('open-0755');
          return;
        }
        for (const open of [openMayExecSync, readMayExecSync, openMayExec]) {
          const error = await Promise.resolve()
            .then(() => open(path, { enforce: true }))
            .then(
              () => undefined,
              (thrown: unknown) => thrown,
            );
          expect(error).toBeInstanceOf(ExecDeniedError);
          expect(error).toMatchObject({
            code: 'EACCES',
            syscall: 'execveat',
            path,
            verdict: binding,
          });
        }
      },
    );
  }
});

describe('what only some kernels and places have:', () => {
  const verdictOf = (code: string, options: Parameters<typeof runChild>[1]): Verdict =>
    runChild<Verdict>(code, options);
  const checkInput = `
    const fd = fs.openSync(input, 'r');
    return mayexec.checkExecSync(fd);`;

  needs('execveCheck', 'unshare')('a file on a noexec mount is refused for the mount', () => {
    const mount = box.directory('noexec');
    const verdict = verdictOf(
      `fs.writeFileSync(input, '+', { mode: 0o755 });
       return mayexec.checkExecSync(fs.openSync(input, 'r'));`,
      { input: `${mount}/script`, mounts: `mount -t tmpfs -o noexec none ${mount}` },
    );
    expect(verdict).toEqual(denied('noexec-mount'));
  });

  needs('execveCheck', 'unshare')(
    'a noexec bind mount refuses the file that its other path allows',
    () => {
      const plain = box.file('bind/plain/script', 0o755);
      const bind = box.directory('bind/noexec');
      const verdicts = runChild<Verdict[]>(
        `return input.map((path) => mayexec.checkExecSync(fs.openSync(path, 'r')));`,
        {
          input: [plain, `${bind}/script`],
          mounts: `mount --bind ${dirname(plain)} ${bind}; mount -o remount,bind,noexec ${bind}`,
        },
      );
      expect(verdicts).toEqual([allowed, denied('noexec-mount')]);
    },
  );

  const user = 12345;
  const dropped: readonly (readonly [title: string, mode: number, verdict: Verdict])[] = [
    ['mode 0755 may be executed', 0o755, allowed],
    ['mode 0711 may be executed, though it may not be read', 0o711, allowed],
    ['mode 0701 may be executed, for others may', 0o701, allowed],
    ['mode 0754 is refused: others may not', 0o754, denied('mode')],
    ['mode 0700 is refused: only its owner may', 0o700, denied('mode')],
  ];
  for (const [title, mode, verdict] of dropped) {
    needs('execveCheck')(`of root's file, opened before the ids were dropped, ${title}`, () => {
      const path = box.file(`dropped-${mode.toString(8)}`, mode);
      expect(
        verdictOf(
          `const fd = fs.openSync(input.path, 'r');
           const before = mayexec.checkExecSync(fd); // starts the checking thread as root
           if (!before.allowed) return before;
           process.setgroups([]);
           process.setgid(input.user);
           process.setuid(input.user);
           return mayexec.checkExecSync(fd);`,
          { input: { path, user } },
        ),
      ).toEqual(verdict);
    });
  }

  needs('execveCheck')("the owner's own class decides for the owner: 0655 is refused", () => {
    const dir = box.directory('own', 0o777);
    expect(
      verdictOf(
        `fs.writeFileSync(input, '+');
         fs.chmodSync(input, 0o655);
         return mayexec.checkExecSync(fs.openSync(input, 'r'));`,
        { input: `${dir}/script`, uid: user },
      ),
    ).toEqual(denied('mode'));
  });

  needs('execveCheck')('an anonymous pipe is not a regular file', () => {
    const { stdout, stderr } = spawnSync(
      'sh',
      [
        '-c',
        'echo + | "$@"',
        'sh',
        process.execPath,
        '--input-type=module',
        '--eval',
        `import { checkExecSync } from ${JSON.stringify(new URL('../dist/index.js', import.meta.url))};
         console.log(JSON.stringify(checkExecSync(0)));`,
      ],
      { encoding: 'utf8' },
    );
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual(denied('not-regular'));
  });

  const memfd = (flags: string, mode: string): Verdict =>
    verdictOf(`return mayexec.checkExecSync(0);`, {
      launcher: ['python3', program('memfd.py'), flags, mode],
    });
  needs('execveCheck')('a memfd may be executed', () => {
    expect(memfd('0', '-')).toEqual(allowed);
  });
  needs('execveCheck')('a memfd with mode 0600 is refused', () => {
    expect(memfd('0', '600')).toEqual(denied('mode'));
  });
  needs('execveCheck', 'memfdNoexecSeal')('a memfd with MFD_EXEC may be executed', () => {
    expect(memfd('0x10', '-')).toEqual(allowed);
  });
  needs('execveCheck', 'memfdNoexecSeal')('a memfd with MFD_NOEXEC_SEAL is refused', () => {
    expect(memfd('0x8', '-')).toEqual(denied('mode'));
  });

  needs('execveCheck', 'landlock')(
    'a Landlock domain without FS_EXECUTE is a security module, and says so',
    () => {
      const launcher = [
        'python3',
        program('landlock.py'),
        '/usr',
        '/bin',
        '/lib',
        '/lib64',
        dirname(process.execPath),
        '--',
      ];
      const outside = box.file('landlock/outside', 0o755);
      expect(verdictOf(checkInput, { launcher, input: outside })).toEqual(
        denied('security-module'),
      );
      expect(verdictOf(checkInput, { launcher, input: '/bin/true' })).toEqual(allowed);
    },
  );
});

describe('a failed attempt is never a denial:', () => {
  needs('execveCheck')('a file that is open for writing is busy', async () => {
    const path = box.file('busy', 0o755);
    const writer = openSync(path, O_WRONLY);
    try {
      const fd = openSync(path, 'r');
      expect(() => checkExecSync(fd)).toThrow(FileBusyError);
      await expect(checkExec(fd)).rejects.toThrow(FileBusyError);
      closeSync(fd);
      // Not binding: the file is handed over, and its verdict says that the answer is unknown.
      const file = openMayExecSync(path);
      expect(file.verdict).toEqual({ allowed: null, binding: false, mechanism, errno: 'ETXTBSY' });
      file.closeSync();
      expect(() => openMayExecSync(path, { enforce: true })).toThrow(FileBusyError);
      expect(() => openMayExecSync(path, { enforce: true })).toThrow(
        /: a process has it open for writing\. Save by writing a new file and renaming it to this name$/,
      );
      await expect(openMayExec(path, { enforce: true })).rejects.toThrow(FileBusyError);
    } finally {
      closeSync(writer);
    }
    expect(openMayExecSync(path, { enforce: true }).verdict.allowed).toBe(true);
  });

  needs('execveCheck')('an fd that can write is busy with itself', () => {
    const fd = openSync(box.file('read-write', 0o755), O_RDWR);
    expect(() => checkExecSync(fd)).toThrow(FileBusyError);
    closeSync(fd);
  });

  needs('execveCheck')('a writer that closes in time is waited for', async () => {
    const path = box.file('soon', 0o755);
    const fd = openSync(path, 'r');
    const writer = openSync(path, O_WRONLY);
    const verdict = checkExec(fd);
    closeSync(writer);
    expect(await verdict).toEqual(allowed);
    closeSync(fd);
  });

  needs('execveCheck')('an fd that is not open is a bad argument', async () => {
    expect(() => checkExecSync(1 << 20)).toThrow(InvalidArgumentError);
    await expect(checkExec(1 << 20)).rejects.toMatchObject({ code: 'EBADF', fd: 1 << 20 });
  });

  needs('execveCheck')('an O_PATH fd of a symbolic link is a symbolic link', () => {
    const fd = openSync(box.symlink('link', '/bin/true'), O_PATH | O_NOFOLLOW);
    expect(() => checkExecSync(fd)).toThrow(SymlinkError);
    closeSync(fd);
  });
});

test('a value that is no fd is refused before any system call', () => {
  for (const fd of [-1, 1.5, 2 ** 31]) expect(() => checkExecSync(fd)).toThrow(RangeError);
  expect(() => checkExecSync('3' as unknown as number)).toThrow(TypeError);
});
