/** Kernels of the lab's own making: Debian's source, patches, a configuration. */
import { join } from 'node:path';
import { resolve } from './apt.js';
import { entry, ingredient, inScratch } from './cache.js';
import { must, tail } from './exec.js';
import { visit, type Kernel } from './guest.js';
import type { KernelName } from './kernels.js';
import { program, through } from './programs.js';
import { families, type Built, type Check, type Family, type Start } from './recipes.js';
import { build, configFile, configure, make, patch, unpackSource } from './tree.js';

const minute = 60_000;

/** A key that signs for the kernel, and its certificate, which is built in. */
async function addAuthority(tree: string, directory: string): Promise<void> {
  const certificate = join(directory, 'authority.pem');
  await must([
    ...['openssl', 'req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '36500'],
    ...['-subj', '/CN=mayexec lab', '-addext', 'keyUsage=critical,digitalSignature,keyCertSign'],
    ...['-keyout', join(directory, 'authority.key'), '-out', certificate],
  ]);
  await must(['cp', certificate, join(tree, 'certs', 'lab.pem')]);
}

/** A kernel, and the settings for a command that runs in it. */
export interface Equipped {
  kernel: Kernel;
  prefix: readonly string[];
  env: Readonly<Record<string, string>>;
}

async function equip(
  family: Family,
  directory: string,
  name: KernelName,
  start: Start = {},
): Promise<Equipped> {
  const setup = start.setup ?? family.kernels.find((variant) => variant.name === name)?.setup;
  return {
    kernel: {
      executable: join(directory, name),
      layer: 'overlay',
      parameters: start.parameters ?? [],
    },
    prefix: await through(setup),
    env: {
      ...(family.authority && { LAB_AUTHORITY: directory }),
      ...(family.tool !== undefined && { LAB_TOOL: await program(family.tool) }),
    },
  };
}

async function runCheck({ kernel, prefix, env }: Equipped, check: Check): Promise<void> {
  const command = await through(check.file);
  const { status, console } = await visit(kernel, {
    command: () => [...prefix, ...command, ...check.arguments],
    env,
    timeout: minute,
    live: false,
  });
  if (status !== 0) throw new Error(`the kernel fails its check\n${tail(console)}`);
}

async function buildFamily(family: Family, tree: string, directory: string): Promise<void> {
  if (family.authority) await addAuthority(tree, directory);
  for (const variant of family.kernels) {
    const patches = variant.patches ?? [];
    for (const file of patches) await patch(tree, file);
    await configure(tree, 'um', [...family.configs, ...(variant.configs ?? [])]);
    await build(tree, 'um', 'linux');
    await must(['cp', join(tree, 'linux'), join(directory, variant.name)]);
    const equipped = await equip(family, directory, variant.name);
    for (const check of variant.checks) await runCheck(equipped, check);
    if (!variant.apart) continue;
    for (const file of patches.toReversed()) await patch(tree, file, '--reverse');
  }
}

/** Everything that decides the result of a build, except the source itself. */
function ingredients({ configs, authority, kernels }: Family): string[] {
  const files = kernels.flatMap((variant) => [
    ...(variant.patches ?? []),
    ...(variant.configs ?? []).map(configFile),
  ]);
  return [
    make('um').join(' '),
    String(authority),
    ...kernels.map(({ name }) => name),
    ...[...configs.map(configFile), ...files].map(ingredient),
  ];
}

export async function built(name: KernelName, recipe: Built, fresh: boolean): Promise<Equipped> {
  const family: Family = families[recipe.family];
  const source = await resolve(family.source, fresh);
  const place = await entry(
    `${recipe.family}-${source.version}`,
    [source.version, await must(['cc', '--version']), ...ingredients(family)],
    async (directory) => {
      await inScratch(async (scratch) => {
        const tree = await unpackSource(source, scratch);
        await buildFamily(family, tree, directory);
      });
    },
  );
  return await equip(family, place, recipe.kernel ?? name, recipe);
}
