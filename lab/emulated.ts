/** Debian's kernel for PCs, which qemu boots. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { dependencies, resolve, unpack, type Version } from './apt.js';
import { entry, inScratch } from './cache.js';
import { must } from './exec.js';
import type { Kernel } from './guest.js';
import { program } from './programs.js';
import { find } from './ready-made.js';
import type { Emulated } from './recipes.js';

/** The modules that boot.c loads. */
const modules = ['netfs', '9pnet', '9pnet_virtio', '9p'];

/** Makes `target` of a module, whose file is compressed. */
const addModule = async (directory: string, name: string, target: string): Promise<void> => {
  const file = await find(directory, `${name}.ko.xz`);
  await must(['sh', '-c', 'xz -dc "$0" >"$1"', file, target]);
};

/** The packages with the kernel and with its modules: their names have its release. */
async function parts(image: Version): Promise<Version[]> {
  const named = await dependencies(image);
  const release = named.map((name) => /^linux-image-(\d.*)$/.exec(name)?.[1]).find(Boolean);
  if (release === undefined) throw new Error(`${image.package} depends on no kernel`);
  return await Promise.all(
    ['binary', 'modules'].map((part) =>
      resolve({ name: `linux-${part}-${release}`, suites: [image.suite], version: /./ }),
    ),
  );
}

export async function emulated(recipe: Emulated, fresh: boolean): Promise<Kernel> {
  const image = await resolve(recipe.package, fresh);
  const boot = await program('boot.c');
  const place = await entry(`qemu-${image.version}`, [image.version, boot], async (directory) => {
    await inScratch(async (scratch) => {
      const unpacked = join(scratch, 'unpacked');
      for (const part of await parts(image)) await unpack(part, unpacked);
      await must(['cp', await find(unpacked, 'vmlinuz'), join(directory, 'vmlinuz')]);
      await addModule(unpacked, 'overlay', join(directory, 'overlay.ko'));

      const root = join(scratch, 'root');
      mkdirSync(root);
      await must(['cp', boot, join(root, 'init')]);
      for (const name of modules) await addModule(unpacked, name, join(root, `${name}.ko`));
      const archive = join(directory, 'initramfs');
      await must(['sh', '-c', 'find . | cpio --quiet -o -H newc >"$0"', archive], { cwd: root });
    });
  });
  return {
    executable: join(place, 'vmlinuz'),
    initramfs: join(place, 'initramfs'),
    layer: join(place, 'overlay.ko'),
    parameters: recipe.parameters ?? [],
  };
}
