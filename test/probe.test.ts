import { cpSync, writeFileSync } from 'node:fs';
import { release } from 'node:os';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';

import { FACT_FD, FACT_MODE, FACTS, type Addon, type Facts } from '../src/addon.js';
import type * as mechanism from '../src/mechanism.js';
import type { RawVerdict } from '../src/mechanism.js';
import * as mayexec from '../src/index.js';
import { probe, type Probe, type Status } from '../src/index.js';
import { dialectOf, type Dialect } from '../src/probe.js';
import { features, needs } from './support/kernel.js';
import { openFds, runChild, sandbox, type ChildOptions } from './support/sandbox.js';

const box = sandbox();
const EPERM = -1;
const ENOENT = -2;
const EBADF = -9;
const EAGAIN = -11;
const ENOMEM = -12;
const EACCES = -13;
const EISDIR = -21;
const EINVAL = -22;
const EMFILE = -24;
const ETXTBSY = -26;
const ENOSYS = -38;
const ELOOP = -40;
const EFTYPE = -134;

/** What the table says of one part of openat2: its own cell, unless openat2 as a whole is missing. */
const part = (present: boolean): Status =>
  features.openat2 === 'supported' ? (present ? 'supported' : 'unsupported') : features.openat2;

describe('probe() finds what lab/kernels.ts says of this kernel', () => {
  const cells: readonly [cell: string, found: (probe: Probe) => unknown, expected: unknown][] = [
    ['the platform', (p) => p.platform, 'linux'],
    ['the architecture', (p) => p.arch, process.arch],
    ['the release', (p) => p.kernel, release()],
    ['the addon', (p) => p.addon, { status: 'supported' }],
    ['openat2', (p) => p.openat2.status, features.openat2],
    ['RESOLVE_BENEATH', (p) => p.openat2.resolve.beneath.status, part(true)],
    ['RESOLVE_IN_ROOT', (p) => p.openat2.resolve.inRoot.status, part(true)],
    ['RESOLVE_NO_SYMLINKS', (p) => p.openat2.resolve.noSymlinks.status, part(true)],
    ['RESOLVE_NO_MAGICLINKS', (p) => p.openat2.resolve.noMagiclinks.status, part(true)],
    ['RESOLVE_NO_XDEV', (p) => p.openat2.resolve.noXdev.status, part(true)],
    ['RESOLVE_CACHED', (p) => p.openat2.resolve.cached.status, part(features.resolveCached)],
    ['OPENAT2_REGULAR', (p) => p.openat2.regular.status, part(features.regular)],
    ['O_EMPTYPATH', (p) => p.openat2.emptyPath.status, part(features.emptyPath)],
    [
      'O_MAYEXEC',
      (p) => p.oMayExec.status,
      features.clipOs ? 'supported' : part(features.oMayExec !== null),
    ],
    [
      'the dialect of O_MAYEXEC',
      (p) => p.oMayExec.dialect,
      features.clipOs
        ? 'clip-os'
        : features.openat2 === 'supported'
          ? (features.oMayExec ?? undefined)
          : undefined,
    ],
    [
      'the sysctl of O_MAYEXEC',
      (p) => p.oMayExec.sysctl,
      features.oMayExec === null && !features.clipOs ? undefined : features.oMayExecSysctl,
    ],
    ['AT_EXECVE_CHECK', (p) => p.execveCheck.status, features.execveCheck],
    ['the securebits', (p) => p.securebits !== null, features.prctl === 'supported'],
    [
      'the mechanism',
      (p) => p.mechanism,
      features.execveCheck === 'supported'
        ? 'at_execve_check'
        : features.clipOs || (features.openat2 === 'supported' && features.oMayExec !== null)
          ? 'o_mayexec'
          : 'none',
    ],
  ];
  for (const [cell, found, expected] of cells) {
    test(cell, () => {
      expect(found(probe())).toEqual(expected);
    });
  }

  for (const module of ['landlock', 'ima', 'ipe'] as const) {
    needs('unshare', 'root')(
      `${module} among the security modules, with securityfs mounted`,
      () => {
        const modules = runChild<string[] | null>('return mayexec.probe().securityModules', {
          // A kernel without securityfs has no security module to name.
          mounts: 'mount -t securityfs securityfs /sys/kernel/security || true',
        });
        expect(modules?.includes(module) ?? false).toBe(features[module]);
      },
    );
  }

  test('an unsupported feature names the errno that showed it', () => {
    const { openat2, oMayExec, execveCheck } = probe();
    const cells = [...Object.values(openat2.resolve), openat2, openat2.regular, openat2.emptyPath];
    for (const feature of [...cells, oMayExec, execveCheck]) {
      if (feature.status !== 'supported') expect(feature.errno).toMatch(/^E[A-Z]+$/);
    }
  });

  test('twice the same', () => {
    expect(probe()).toEqual(probe());
  });

  test('no fd is left behind', () => {
    probe();
    const before = openFds();
    for (let i = 0; i < 100; i++) probe();
    expect(openFds()).toEqual(before);
  });

  test('the first probe of a process leaves only what loading the addon leaves', () => {
    const left = runChild<string[]>(`
      const before = fds();
      mayexec.probe();
      return left(before);
    `);
    expect(left).toEqual([]);
  });

  test('a change to one answer reaches no other answer', () => {
    const first = probe();
    first.openat2.resolve.beneath.status = 'unavailable';
    first.addon.status = 'unavailable';
    expect(probe()).not.toEqual(first);
  });
});

describe('the dialect of O_MAYEXEC is told by how a directory is refused', () => {
  const cases: readonly [
    title: string,
    plain: number,
    withFlag: number,
    dialect: Dialect | null,
  ][] = [
    ['EACCES is that of v2 to v5', 0, EACCES, 'v5'],
    ['EISDIR is that of v6 and v7', 0, EISDIR, 'v6'],
    ['EINVAL is a kernel that never had the bit', 0, EINVAL, null],
    ['an open that succeeds proves nothing', 0, 0, null],
    ['EFTYPE is a feature to open regular files only', 0, EFTYPE, null],
    ['ENOENT is a feature for empty paths', 0, ENOENT, null],
    ['EPERM is a filter', 0, EPERM, null],
    ['ENOSYS is a filter', 0, ENOSYS, null],
    ['EMFILE is a failed attempt', 0, EMFILE, null],
    ['EACCES proves nothing where the plain open gives it too', EACCES, EACCES, null],
    ['EISDIR proves nothing where the plain open gives it too', EISDIR, EISDIR, null],
    ['EACCES proves nothing after a plain open that failed otherwise', EMFILE, EACCES, null],
  ];
  for (const [title, plain, withFlag, dialect] of cases) {
    test(title, () => {
      expect(dialectOf(plain, withFlag)).toBe(dialect);
    });
  }
});

/** The module remembers that the kernel has no check: each case has its own. */
async function freshMechanism(): Promise<typeof mechanism> {
  vi.resetModules();
  return await import('../src/mechanism.js');
}

describe('what the result of AT_EXECVE_CHECK means', () => {
  const mechanism = 'at_execve_check';
  const none = { allowed: null, mechanism: 'none' } as const;
  /** `probed` is what the same call gives on fd -1: EBADF where the kernel itself answers. */
  const cases: readonly {
    title: string;
    result: number;
    probed: number;
    answer: RawVerdict;
    missing: boolean;
  }[] = [
    {
      title: '0 is a yes',
      result: 0,
      probed: EBADF,
      answer: { allowed: true, mechanism },
      missing: false,
    },
    {
      title: 'EACCES is a no',
      result: EACCES,
      probed: EBADF,
      answer: { allowed: false, mechanism, errno: EACCES },
      missing: false,
    },
    {
      title: 'EPERM where the kernel answers is a no, of a security module',
      result: EPERM,
      probed: EBADF,
      answer: { allowed: false, mechanism, errno: EPERM },
      missing: false,
    },
    {
      title: 'EPERM for fd -1 too is a filter, which is no denial',
      result: EPERM,
      probed: EPERM,
      answer: { ...none, errno: EPERM, unsupported: 'filtered' },
      missing: true,
    },
    {
      title: 'EPERM where fd -1 gives ENOSYS is a filter',
      result: EPERM,
      probed: ENOSYS,
      answer: { ...none, errno: EPERM, unsupported: 'filtered' },
      missing: true,
    },
    {
      title: 'ENOSYS is a filter, since execveat is older than what Node runs on',
      result: ENOSYS,
      probed: ENOSYS,
      answer: { ...none, errno: ENOSYS, unsupported: 'filtered' },
      missing: true,
    },
    {
      title: 'EINVAL is a kernel before 6.14',
      result: EINVAL,
      probed: EINVAL,
      answer: { ...none, errno: EINVAL, unsupported: 'kernel' },
      missing: true,
    },
    ...(
      [
        ['ETXTBSY', ETXTBSY],
        ['EAGAIN', EAGAIN],
        ['EMFILE', EMFILE],
        ['ENOMEM', ENOMEM],
        ['EBADF', EBADF],
        ['ELOOP', ELOOP],
        ['EINVAL where the kernel answers: a file system said it', EINVAL],
        ['ENOSYS where the kernel answers', ENOSYS],
      ] as const
    ).map(([code, result]) => ({
      title: `${code} is a failed attempt, neither yes nor no`,
      result,
      probed: EBADF,
      answer: { allowed: null, mechanism, errno: result } as const,
      missing: false,
    })),
  ];
  for (const { title, result, probed, answer, missing } of cases) {
    test(title, async () => {
      const { execveVerdict, isExecveCheckMissing } = await freshMechanism();
      expect(execveVerdict({ execCheckProbe: () => probed } as Addon, result)).toEqual(answer);
      expect(isExecveCheckMissing(), 'and whether that is remembered').toBe(missing);
    });
  }

  test('that it is missing is remembered, with the errno that told', async () => {
    const { execveVerdict, verdictWithoutCheck, isExecveCheckMissing } = await freshMechanism();
    const native = {
      execCheckProbe: () => ENOSYS,
      openat2Probe: () => EINVAL,
      clipOsOpen: () => 0,
      onNoexecMount: () => 0,
    } as unknown as Addon;
    const missing = execveVerdict(native, ENOSYS);
    execveVerdict(native, 0);
    expect(isExecveCheckMissing()).toBe(true);
    expect(verdictWithoutCheck(native, new Int32Array(FACTS), false)).toEqual(missing);
  });
});

describe('what a second open with O_MAYEXEC means', () => {
  const mechanism = 'o_mayexec';
  const cases: readonly (readonly [title: string, result: number, answer: RawVerdict])[] = [
    ['0 is a yes', 0, { allowed: true, mechanism }],
    ['EACCES is a no', EACCES, { allowed: false, mechanism, errno: EACCES }],
    [
      'EISDIR is a no, reported as EACCES as the other mechanisms do',
      EISDIR,
      { allowed: false, mechanism, errno: EACCES },
    ],
    ...(
      [
        ['EPERM', EPERM],
        ['EMFILE', EMFILE],
        ['ENOMEM', ENOMEM],
        ['ENOENT (no /proc)', ENOENT],
        ['ELOOP', ELOOP],
        ['EINVAL', EINVAL],
      ] as const
    ).map(
      ([code, result]) =>
        [
          `${code} is a failed attempt, neither yes nor no`,
          result,
          { allowed: null, mechanism, errno: result },
        ] as const,
    ),
  ];
  for (const [title, result, answer] of cases) {
    test(title, async () => {
      const { oMayExecVerdict } = await freshMechanism();
      expect(oMayExecVerdict(result)).toEqual(answer);
    });
  }
});

describe('where the kernel has no AT_EXECVE_CHECK, the answer comes from', () => {
  const O_MAYEXEC = BigInt(mayexec.constants.O_MAYEXEC);
  /** A native layer on a kernel whose O_MAYEXEC refuses directories with `refusal`. */
  const kernel = (refusal: number, file: number): Addon =>
    ({
      openat2Probe: (_: number, path: string, flags: bigint) =>
        (flags & O_MAYEXEC) === 0n ? 0 : path === '/' ? refusal : file,
      clipOsOpen: () => 0,
      onNoexecMount: () => 0,
      kernelFile: () => 0,
      execAccess: () => EACCES,
    }) as unknown as Addon;
  const regularFile: Facts = new Int32Array(FACTS);
  regularFile[FACT_FD] = 5;
  regularFile[FACT_MODE] = 0o100644;
  const noMechanism = { allowed: null, mechanism: 'none', errno: EINVAL, unsupported: 'kernel' };
  const denied = { allowed: false, errno: EACCES };

  const cases: readonly [title: string, native: Addon, emulate: boolean, answer: object][] = [
    ['nobody, without either', kernel(EINVAL, EINVAL), false, noMechanism],
    [
      'user space, if asked for',
      kernel(EINVAL, EINVAL),
      true,
      { ...denied, mechanism: 'emulated' },
    ],
    ['O_MAYEXEC, where it is', kernel(EACCES, 0), false, { allowed: true, mechanism: 'o_mayexec' }],
    [
      'O_MAYEXEC rather than user space',
      kernel(EISDIR, EACCES),
      true,
      { ...denied, mechanism: 'o_mayexec' },
    ],
    ['not a bit that lets directories pass', kernel(0, 0), false, noMechanism],
  ];
  beforeEach(() => {
    vi.resetModules();
  });
  for (const [title, native, emulate, answer] of cases) {
    test(title, async () => {
      const { verdictWithoutCheck } = await freshMechanism();
      expect(verdictWithoutCheck(native, regularFile, emulate)).toEqual(answer);
    });
  }
});

/** A call of every exported function with arguments that are right. */
const calls: Readonly<Record<string, string>> = {
  openMayExec: `mayexec.openMayExec('/')`,
  openMayExecSync: `mayexec.openMayExecSync('/')`,
  readMayExec: `mayexec.readMayExec('/')`,
  readMayExecSync: `mayexec.readMayExecSync('/')`,
  checkExec: 'mayexec.checkExec(0)',
  checkExecSync: 'mayexec.checkExecSync(0)',
  checkInteractive: 'mayexec.checkInteractive()',
  readFirstMayExec: `mayexec.readFirstMayExec(['/etc/passwd'])`,
  readFirstMayExecSync: `mayexec.readFirstMayExecSync(['/etc/passwd'])`,
  enforcePolicy: 'mayexec.enforcePolicy()',
  openat2: `mayexec.openat2('/')`,
  openat2Sync: `mayexec.openat2Sync('/')`,
  setSecurebits: 'mayexec.setSecurebits({})',
  restrictExec: `mayexec.restrictExec({ allow: ['/'] })`,
};

/** Of these only Linux has what they ask for. Elsewhere test/author.test.ts tries the others. */
const forLinux = ['openat2', 'openat2Sync', 'setSecurebits', 'restrictExec'];

// These ask the kernel nothing, or answer instead of throwing.
const others = ['getSecurebits', 'openAuditLog', 'openSystemLog', 'probe'];

describe('where the addon cannot be had', () => {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const permission =
    major > 22 || (major === 22 && minor >= 13) ? '--permission' : '--experimental-permission';

  /** The built package without its addon, or with this in its place. */
  function withoutAddon(name: string, addon?: string, at = 'build/Release'): URL {
    const root = box.directory(name);
    cpSync(fileURLToPath(new URL('../dist', import.meta.url)), `${root}/dist`, { recursive: true });
    writeFileSync(`${root}/package.json`, JSON.stringify({ name, type: 'module' }));
    if (addon !== undefined) box.file(`${name}/${at}/mayexec.node`, 0o755, addon);
    return pathToFileURL(`${root}/dist/index.js`);
  }

  const cases: readonly {
    title: string;
    child: ChildOptions;
    status?: Status;
    reason?: string;
    platform?: string;
    arch?: string;
    /** What the message must say, so that its reader knows what to do. */
    says: RegExp;
    cause: string | null;
  }[] = [
    {
      title: 'under --no-addons',
      child: { nodeArgs: ['--no-addons'] },
      says: /leave out --no-addons/,
      cause: 'ERR_DLOPEN_DISABLED',
    },
    {
      title: 'under the permission model',
      child: { nodeArgs: ['--no-warnings', permission, '--allow-fs-read=*'] },
      says: /add --allow-addons to --permission/,
      cause: 'ERR_DLOPEN_DISABLED',
    },
    {
      title: 'where its file is missing',
      child: { dist: withoutAddon('mayexec') },
      says: /prebuilds\/linux-\w+\/mayexec\.node' \(no such file\), '.*build\/Release\/mayexec\.node' \(no such file\).* Install the package again, or build it with `npx mayexec build-addon`/,
      cause: 'ERR_DLOPEN_FAILED',
    },
    {
      title: 'where another package manager installed the package',
      child: {
        dist: withoutAddon('mayexec'),
        before: `process.env.npm_config_user_agent = 'pnpm/10.0.0 npm/? node/v24.0.0 linux x64';`,
      },
      says: /build it with `pnpm exec mayexec build-addon`/,
      cause: 'ERR_DLOPEN_FAILED',
    },
    {
      title: 'on an architecture that the package has no file for',
      arch: 'riscv64',
      child: {
        dist: withoutAddon('mayexec'),
        before: `Object.defineProperty(process, 'arch', { value: 'riscv64' });`,
      },
      says: /brings it for linux x64 and arm64, and this is riscv64: build it with `npx mayexec build-addon`/,
      cause: 'ERR_DLOPEN_FAILED',
    },
    {
      title: 'in a bundle that was moved away from the package',
      child: { dist: withoutAddon('bundled') },
      says: /Keep mayexec out of the bundle/,
      cause: 'ERR_DLOPEN_FAILED',
    },
    {
      title: 'where it is for another machine',
      child: { dist: withoutAddon('foreign', 'not an ELF file') },
      says: /build\/Release\/mayexec\.node' \([^)]*(?:invalid ELF header|file too short)\)/,
      cause: 'ERR_DLOPEN_FAILED',
    },
    {
      title: 'where the one that the package brings cannot be loaded here',
      child: {
        dist: withoutAddon('brought', 'not an ELF file', `prebuilds/linux-${process.arch}`),
      },
      says: /prebuilds\/linux-\w+\/mayexec\.node' \([^)]*(?:invalid ELF header|file too short)\).* Build it for this machine with `npx mayexec build-addon`/,
      cause: 'ERR_DLOPEN_FAILED',
    },
    ...['darwin', 'win32', 'freebsd'].map((platform) => ({
      title: `on ${platform}`,
      child: { before: `Object.defineProperty(process, 'platform', { value: '${platform}' });` },
      status: 'unsupported' as const,
      reason: 'platform',
      platform,
      says: new RegExp(`asks the Linux kernel, and this is ${platform}`),
      cause: null,
    })),
  ];
  for (const { title, child, says, cause, ...rest } of cases) {
    const { status = 'unavailable', reason = 'addon' } = rest;
    const { platform = 'linux', arch = process.arch } = rest;
    describe(title, () => {
      let found: {
        left: string[];
        exported: string[];
        probe: Probe;
        securebits: unknown;
        errors: Record<string, { cause?: { code?: string } } | null>;
      };
      beforeAll(() => {
        found = runChild(
          `
          const before = fds();
          const errors = {};
          ${Object.entries(calls)
            .map(([name, call]) => `errors.${name} = await attempt(() => ${call});`)
            .join('\n')}
          return {
            exported: Object.keys(mayexec).filter(
              (name) => typeof mayexec[name] === 'function' && /^[a-z]/.test(name),
            ),
            errors,
            probe: mayexec.probe(),
            securebits: mayexec.getSecurebits(),
            left: left(before),
          };`,
          child,
        );
      });

      test('the import succeeds and offers every function', () => {
        expect(found.exported.sort()).toEqual([...Object.keys(calls), ...others].sort());
      });

      for (const name of platform === 'linux' ? Object.keys(calls) : forLinux) {
        test(`${name} throws UnsupportedError`, () => {
          const error = found.errors[name];
          expect(error).toMatchObject({
            name: 'UnsupportedError',
            code: 'ERR_MAYEXEC_UNSUPPORTED',
            reason,
            message: expect.stringMatching(says) as string,
          });
        });
      }

      test('getSecurebits() answers null', () => {
        expect(found.securebits).toBeNull();
      });

      test('probe() answers why', () => {
        const nobody = { status: 'unavailable' };
        expect(found.probe).toMatchObject({
          platform,
          arch,
          addon: { status, reason, message: expect.stringMatching(says) as string },
          openat2: { ...nobody, resolve: { beneath: nobody }, regular: nobody, emptyPath: nobody },
          oMayExec: nobody,
          execveCheck: nobody,
          securebits: null,
          mechanism: 'none',
        });
      });

      test('no fd is left behind', () => {
        expect(found.left).toEqual([]);
      });

      test(cause === null ? 'there is no deeper cause' : `the cause is ${cause}`, () => {
        // JSON leaves out what is not enumerable, so the child is asked for it by name.
        const code = runChild(
          `const error = await attempt(() => mayexec.openat2Sync('/')); return error.cause?.code;`,
          child,
        );
        expect(code).toBe(cause);
      });
    });
  }

  test('a mistaken argument is told as such before the addon is looked for', () => {
    const codes = runChild<unknown[]>(
      `
      const bad = [
        () => mayexec.openMayExecSync(5),
        () => mayexec.readMayExecSync(5),
        () => mayexec.checkExecSync('0'),
        () => mayexec.checkInteractive({ fd: '0' }),
        () => mayexec.openat2Sync(5),
        () => mayexec.setSecurebits(5),
      ];
      const codes = [];
      for (const call of bad) codes.push((await attempt(call)).code);
      return codes;`,
      { nodeArgs: ['--no-addons'] },
    );
    expect(codes).toEqual(Array(6).fill('ERR_INVALID_ARG_TYPE'));
  });
});
