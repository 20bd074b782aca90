/** What must be installed before a kernel can be made or run. */
import { existsSync } from 'node:fs';
import { isInstalled } from './installed.js';
import type { KernelName } from './kernels.js';
import { recipes, type Recipe } from './recipes.js';

/** A program, and Debian's package of it. */
const compiler = { cc: 'gcc' };
const securityModules = { apparmor_parser: 'apparmor', secilc: 'secilc', setfattr: 'attr' };
const programs: Readonly<Record<Recipe['kind'], Readonly<Record<string, string>>>> = {
  host: {},
  'user-namespace': { unshare: 'util-linux' },
  refusal: compiler,
  'ready-made': {
    ...compiler,
    ...securityModules,
    patchelf: 'patchelf',
  },
  emulated: {
    ...compiler,
    cpio: 'cpio',
    'qemu-system-x86_64': 'qemu-system-x86',
    xz: 'xz-utils',
  },
  built: {
    ...compiler,
    ...securityModules,
    bc: 'bc',
    bison: 'bison',
    flex: 'flex',
    make: 'make',
    openssl: 'openssl',
    tar: 'tar',
    xz: 'xz-utils',
  },
};

/** The Debian packages that these kernels need and this machine has not. */
export function lacking(names: readonly KernelName[]): string[] {
  const found = new Set<string>();
  for (const name of names) {
    const { kind } = recipes[name];
    for (const [program, debian] of Object.entries(programs[kind])) {
      if (!isInstalled(program)) found.add(debian);
    }
    // The kernel's tools for signatures are made of its headers.
    if (kind === 'built' && !existsSync('/usr/include/openssl/opensslv.h')) found.add('libssl-dev');
  }
  return [...found].sort();
}
