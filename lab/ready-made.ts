/** User Mode Linux as Debian ships it. */
import { mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { resolve, unpack, type Version } from './apt.js';
import { entry, inScratch } from './cache.js';
import { must } from './exec.js';
import type { Kernel } from './guest.js';
import type { ReadyMade } from './recipes.js';

const executable = 'linux.uml';
const loader = 'ld-linux-x86-64.so.2';

export const find = async (directory: string, name: string): Promise<string> => {
  const found = await must([
    'find',
    directory,
    '-name',
    name,
    '(',
    '-type',
    'f',
    '-o',
    '-type',
    'l',
    ')',
  ]);
  const first = found.split('\n')[0];
  if (!first) throw new Error(`${directory} has no ${name}`);
  return first;
};

/** Makes a program use the C library that came with it, at its place to be. */
async function addLibc(libc: Version, directory: string, place: string): Promise<void> {
  const library = 'lib';
  mkdirSync(join(directory, library));
  await inScratch(async (scratch) => {
    await unpack(libc, scratch);
    for (const name of ['libc.so.6', loader]) {
      await must(['cp', '-L', await find(scratch, name), join(directory, library, name)]);
    }
  });
  await must([
    'patchelf',
    ...['--set-interpreter', join(place, library, loader)],
    ...['--set-rpath', join(place, library)],
    join(directory, executable),
  ]);
}

export async function readyMade(recipe: ReadyMade, fresh: boolean): Promise<Kernel> {
  const kernel = await resolve(recipe.package, fresh);
  const libc = recipe.ownLibc
    ? await resolve({ name: 'libc6', suites: [kernel.suite], version: /./ }, fresh)
    : undefined;
  const { package: wanted, ownLibc, layer } = recipe;
  const ingredients = [
    JSON.stringify({ wanted, ownLibc, layer }),
    kernel.version,
    libc?.version ?? '',
  ];
  const place = await entry(`uml-${kernel.version}`, ingredients, async (directory, place) => {
    await inScratch(async (scratch) => {
      await unpack(kernel, scratch);
      renameSync(await find(scratch, executable), join(directory, executable));
      if (recipe.layer === 'module') {
        renameSync(await find(scratch, 'overlay.ko'), join(directory, 'overlay.ko'));
      }
    });
    if (libc) await addLibc(libc, directory, place);
  });
  return {
    executable: join(place, executable),
    layer: recipe.layer === 'module' ? join(place, 'overlay.ko') : 'copy',
    parameters: recipe.parameters ?? [],
  };
}
