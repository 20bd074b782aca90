import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

import type { Addon } from './addon.js';
import { UnsupportedError } from './errors.js';
import { kernelRelease } from './kernel-release.js';
import { runCommand } from './package-manager.js';

/** The architectures that the package has a binary for. */
const PREBUILT: readonly string[] = ['x64', 'arm64'];

/**
 * The addon's places beside this file, which is in src/, in dist/ or in a bundle. The paths are
 * literals, because bundlers and file tracers look for those. They are computed in the first call,
 * because a bundle may have no import.meta.dirname.
 */
function besideThisFile(): string[] {
  try {
    const local = [
      `${import.meta.dirname}/../build/Release/mayexec.node`,
      `${import.meta.dirname}/mayexec.node`,
    ];
    switch (process.arch) {
      case 'x64':
        return [`${import.meta.dirname}/../prebuilds/linux-x64/mayexec.node`, ...local];
      case 'arm64':
        return [`${import.meta.dirname}/../prebuilds/linux-arm64/mayexec.node`, ...local];
      default:
        return local;
    }
  } catch {
    return []; // The bundle has no import.meta.dirname.
  }
}

/**
 * The addon's place beside the program's main file, which is usually a bundle's own place. Some
 * bundlers leave no import.meta.dirname, others write down the one of the build.
 */
function besideBundle(): string[] {
  const main = process.argv[1];
  return main === undefined || packaged() ? [] : [join(dirname(main), 'mayexec.node')];
}

/** The addon's places in the installed package, for a bundle outside of it. */
function inPackage(): string[] {
  let from = process.argv[1];
  try {
    // Turbopack invents a file name: /ROOT/….
    if (existsSync(import.meta.filename)) from = import.meta.filename;
  } catch {
    // The bundle has no import.meta.filename.
  }
  try {
    if (from === undefined) return [];
    // An import of node:module would cost every start some of Node's own modules.
    const { createRequire } = process.getBuiltinModule('node:module');
    const folder = dirname(createRequire(from).resolve('mayexec/package.json'));
    return [
      join(folder, 'prebuilds', `linux-${process.arch}`, 'mayexec.node'),
      join(folder, 'build', 'Release', 'mayexec.node'),
    ];
  } catch {
    return [];
  }
}

/** Whether this file is in the package itself, and not in a bundle. */
function packaged(): boolean {
  try {
    const text = readFileSync(`${import.meta.dirname}/../package.json`, 'utf8');
    return (JSON.parse(text) as { name?: unknown }).name === 'mayexec';
  } catch {
    return false;
  }
}

/**
 * Whether the package's binary exists. The paths are literals in a call of node:fs, because
 * Turbopack copies only files that such a call names.
 */
function isBrought(): boolean {
  try {
    return process.arch === 'arm64'
      ? existsSync(join(import.meta.dirname, '..', 'prebuilds', 'linux-arm64', 'mayexec.node'))
      : existsSync(join(import.meta.dirname, '..', 'prebuilds', 'linux-x64', 'mayexec.node'));
  } catch {
    return false;
  }
}

function advice(): string {
  const build = runCommand('mayexec build-addon');
  if (!PREBUILT.includes(process.arch)) {
    return `The package brings it for linux ${PREBUILT.join(' and ')}, and this is ${process.arch}: build it with \`${build}\``;
  }
  if (isBrought()) return `Build it for this machine with \`${build}\``;
  return packaged()
    ? `Install the package again, or build it with \`${build}\``
    : `Keep mayexec out of the bundle ("external"), or copy prebuilds/linux-${process.arch}/mayexec.node from the package beside the bundled file`;
}

function howToAllow(): string {
  const isUnderPermission = (process as { permission?: unknown }).permission !== undefined;
  return isUnderPermission ? 'add --allow-addons to --permission' : 'leave out --no-addons';
}

/**
 * Whether the file exists. True where the runtime may not look (Deno without --allow-read), because
 * the loader's own message says more.
 */
function isThere(path: string): boolean {
  try {
    return existsSync(path);
  } catch {
    return true;
  }
}

/** Why a file could not be loaded, in the loader's words. */
function reason(path: string, error: Error): string {
  return isThere(path) ? error.message.replace(`${path}: `, '') : 'no such file';
}

interface LoadedAddon {
  readonly addon: Addon;
  readonly path: string;
}

function cannot(why: string, cause: unknown): UnsupportedError {
  const message = `the native addon of mayexec cannot be loaded: ${why}`;
  return new UnsupportedError('addon', message, { cause });
}

/**
 * Loads the package's binary, or else the one that was built on this machine. Throws
 * UnsupportedError with reason `platform` or `addon` when there is neither.
 */
export function loadAddon(): LoadedAddon {
  if (process.platform !== 'linux') {
    throw new UnsupportedError(
      'platform',
      `mayexec asks the Linux kernel, and this is ${process.platform} ${kernelRelease()}`,
    );
  }
  const tried = new Map<string, Error>();
  for (const places of [besideThisFile, inPackage, besideBundle]) {
    for (const place of places()) {
      const path = normalize(place);
      if (tried.has(path)) continue;
      try {
        // Not by require(), whose cache would give the addon to the program.
        const module = { exports: {} };
        process.dlopen(module, path);
        return { addon: module.exports as Addon, path };
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ERR_DLOPEN_DISABLED') {
          throw cannot(`this process may not load native addons: ${howToAllow()}`, error);
        }
        if ((error as Error).name === 'NotCapable') {
          throw cannot('Deno may not load native addons here: add --allow-ffi', error);
        }
        tried.set(path, error as Error);
      }
    }
  }
  const each = [...tried].map(([path, error]) => `'${path}' (${reason(path, error)})`);
  const [, cause] = [...tried].find(([path]) => isThere(path)) ?? [...tried][0] ?? [];
  throw cannot(`tried ${each.join(', ')}. ${advice()}`, cause);
}
