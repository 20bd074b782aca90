import { test } from 'vitest';

import { isInstalled } from '../../lab/installed.js';
import { has, needs } from './kernel.js';

/** What some tests need beside Node, a C++ compiler, Python (which node-gyp needs) and root: a program, and Debian's package of it. */
const packages = {
  chattr: 'e2fsprogs',
  'chromium-headless-shell': 'chromium-headless-shell',
  'clang-14': 'clang-14 libclang-rt-14-dev',
  evmctl: 'ima-evm-utils',
  'fapolicyd-cli': 'fapolicyd',
  fish: 'fish',
  fsverity: 'fsverity',
  openssl: 'openssl',
  'qemu-aarch64-static': 'qemu-user-static',
  rsync: 'rsync',
  script: 'bsdutils',
  setfacl: 'acl',
  'systemd-analyze': 'systemd',
  unzip: 'unzip',
  zip: 'zip',
  zsh: 'zsh',
} as const;

export type OtherProgram = keyof typeof packages;

/** With MAYEXEC_REQUIRE_ALL=1 no test may be left out: CI has installed it all. */
const requireAll = process.env['MAYEXEC_REQUIRE_ALL'] === '1';

/**
 * Declares a test that needs programs which not every machine has. Without one it is
 * left out, and its title says which package to install, which the reporter of
 * left-out.ts repeats at the end. With MAYEXEC_REQUIRE_ALL=1 it fails instead.
 */
export function withPrograms(...programs: readonly OtherProgram[]) {
  const missing = programs.filter((program) => !isInstalled(program));
  const install = [...new Set(missing.map((program) => packages[program]))].join(' ');
  const suffix = missing.length === 0 ? '' : ` [left out: apt-get install ${install}]`;
  return (title: string, fn: () => unknown, timeout?: number): void => {
    test.skipIf(missing.length > 0 && !requireAll)(
      title + suffix,
      { ...(timeout === undefined ? {} : { timeout }) },
      async () => {
        if (missing.length > 0) {
          throw new Error(
            `this test needs ${missing.join(', ')}: apt-get install ${install}, or leave MAYEXEC_REQUIRE_ALL unset`,
          );
        }
        await fn();
      },
    );
  };
}

/** The same of a test that needs to be root of the machine besides. */
export function asRootWith(...programs: readonly OtherProgram[]) {
  return has('root') ? withPrograms(...programs) : needs('root');
}
