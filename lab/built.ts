/** Kernels of the lab's own making: Debian's source, patches, a configuration. */
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { resolve, unpack } from './apt.js';
import { entry, ingredient, inScratch, lab } from './cache.js';
import { must, tail } from './exec.js';
import { visit, type Kernel } from './guest.js';
import type { KernelName } from './kernels.js';
import { program } from './programs.js';
import { families, type Check, type Family } from './recipes.js';

const minute = 60_000;

/** Others may be at work on the machine. */
const make = ['nice', '-n', '10', 'make', 'ARCH=um', '-j2'];

const configFile = (name: string): string => join('config', name);

/** Sets the configuration; a wish that the kernel does not grant is an error. */
async function configure(tree: string, names: readonly string[]): Promise<void> {
  const wishes = names.map((name) => ingredient(configFile(name))).join('');
  const file = join(tree, 'lab.config');
  writeFileSync(file, wishes);
  await must([...make, 'allnoconfig'], {
    cwd: tree,
    env: { ...process.env, KCONFIG_ALLCONFIG: file },
  });
  const granted = new Set(readFileSync(join(tree, '.config'), 'utf8').split('\n'));
  const refused = wishes
    .split('\n')
    .filter((line) => line.startsWith('CONFIG_') && !granted.has(line));
  if (refused.length > 0) throw new Error(`this kernel does not grant ${refused.join(', ')}`);
}

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

/** A kernel, and what a command in it is run with. */
export interface Equipped {
  kernel: Kernel;
  prefix: readonly string[];
  env: Readonly<Record<string, string>>;
}

async function equip(family: Family, directory: string, name: KernelName): Promise<Equipped> {
  const setup = family.kernels.find((variant) => variant.name === name)?.setup;
  return {
    kernel: { executable: join(directory, name), layer: 'overlay' },
    prefix: setup === undefined ? [] : ['sh', join(lab, setup)],
    env: {
      ...(family.authority && { LAB_AUTHORITY: directory }),
      ...(family.tool !== undefined && { LAB_TOOL: await program(family.tool) }),
    },
  };
}

async function runCheck({ kernel, prefix, env }: Equipped, check: Check): Promise<void> {
  const command = check.file.endsWith('.c')
    ? [await program(check.file)]
    : ['sh', join(lab, check.file)];
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
    const patches = (variant.patches ?? []).map((patch) => join(lab, patch));
    for (const patch of patches) {
      await must(['patch', '-p1', '--forward', '--input', patch], { cwd: tree });
    }
    await configure(tree, [...family.configs, ...(variant.configs ?? [])]);
    await must([...make, 'linux'], { cwd: tree, timeout: 60 * minute });
    await must(['cp', join(tree, 'linux'), join(directory, variant.name)]);
    await runCheck(await equip(family, directory, variant.name), variant.check);
    if (!variant.apart) continue;
    for (const patch of patches.toReversed()) {
      await must(['patch', '-p1', '--reverse', '--input', patch], { cwd: tree });
    }
  }
}

/** All that decides what comes out, except the source itself. */
function ingredients({ configs, authority, kernels }: Family): string[] {
  const files = kernels.flatMap((variant) => [
    ...(variant.patches ?? []),
    ...(variant.configs ?? []).map(configFile),
  ]);
  return [
    make.join(' '),
    String(authority),
    ...kernels.map(({ name }) => name),
    ...[...configs.map(configFile), ...files].map(ingredient),
  ];
}

export async function built(
  name: KernelName,
  familyName: keyof typeof families,
  fresh: boolean,
): Promise<Equipped> {
  const family: Family = families[familyName];
  const source = await resolve(family.source, fresh);
  const place = await entry(
    `${familyName}-${source.version}`,
    [source.version, await must(['cc', '--version']), ...ingredients(family)],
    async (directory) => {
      await inScratch(async (scratch) => {
        const packed = join(scratch, 'package');
        const tree = join(scratch, 'tree');
        await unpack(source, packed);
        const sources = join(packed, 'usr', 'src');
        const archive = readdirSync(sources).find((file) => file.includes('.tar.'));
        if (archive === undefined) throw new Error(`${source.package} has no source archive`);
        mkdirSync(tree);
        await must(['tar', 'xf', join(sources, archive), '-C', tree, '--strip-components=1']);
        await buildFamily(family, tree, directory);
      });
    },
  );
  return await equip(family, place, name);
}
