/**
 * `npm run lab:fast-check`: what a check costs without fast-check.patch and with it.
 *
 * One source tree makes two kernels for x86_64, which qemu boots in turn. User
 * Mode Linux would not do: there an address space costs more, and its one
 * processor hides what threads do to each other.
 */
import { copyFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { resolve } from '../apt.js';
import { entry, ingredient, inScratch } from '../cache.js';
import { must, tail } from '../exec.js';
import { isInstalled } from '../installed.js';
import { program } from '../programs.js';
import { qemu } from '../qemu.js';
import { newestSource } from '../recipes.js';
import { lacking } from '../tools.js';
import { build, configFile, configure, make, patch, unpackSource } from '../tree.js';

const states = ['before', 'after'] as const;
type State = (typeof states)[number];

const patchFile = 'fast-check/fast-check.patch';
const config = 'fast-check-qemu';
const guestPrograms = ['boot', 'verdicts', 'executions', 'figures'];
const minute = 60_000;

/** The directory of the two kernels. */
async function kernels(): Promise<string> {
  const source = await resolve(newestSource);
  return await entry(
    `fast-check-qemu-${source.version}`,
    [
      ...[source.version, await must(['cc', '--version']), make('x86_64').join(' ')],
      ...[patchFile, configFile(config)].map(ingredient),
    ],
    async (directory) => {
      await inScratch(async (scratch) => {
        const tree = await unpackSource(source, scratch);
        await configure(tree, 'x86_64', [config]);
        for (const state of states) {
          if (state === 'after') await patch(tree, patchFile);
          await build(tree, 'x86_64', 'bzImage');
          copyFileSync(join(tree, 'arch/x86/boot/bzImage'), join(directory, state));
        }
      });
    },
  );
}

/** The guest's only file system. */
async function initramfs(scratch: string): Promise<string> {
  const root = join(scratch, 'root');
  const image = join(scratch, 'initramfs');
  mkdirSync(root);
  for (const name of guestPrograms) {
    await must(['cp', await program(`fast-check/${name}.c`), root]);
  }
  await must(['sh', '-c', 'find . | cpio --quiet -o -H newc >"$0"', image], { cwd: root });
  return image;
}

/** The Debian packages that this needs and the machine has not. */
function lackingHere(): string[] {
  return [
    ...lacking(['fast-check']),
    ...(isInstalled('qemu-system-x86_64') ? [] : ['qemu-system-x86']),
    ...(isInstalled('cpio') ? [] : ['cpio']),
    // The kernel's objtool is made of its header.
    ...(existsSync('/usr/include/libelf.h') ? [] : ['libelf-dev']),
  ];
}

/** What figures.c prints: `granted-check 5357 ns`, `threads-refused 12 of 2000`. */
interface Figure {
  name: string;
  value: number;
  unit: string;
}

async function boot(kernel: string, image: string, state: State): Promise<Figure[]> {
  const output = await must(
    [
      ...[...qemu, '-m', '512', '-kernel', kernel, '-initrd', image],
      ...['-append', `console=ttyS0 quiet panic=-1 rdinit=/boot -- ${state}`],
    ],
    { timeout: 10 * minute },
  );
  for (const name of ['verdicts', 'executions', 'figures']) {
    if (!output.includes(`${name} ended 0`)) {
      throw new Error(`${name} fails ${state} the patch\n${tail(output)}`);
    }
  }
  for (const [line] of output.matchAll(/^.* as expected, .*$/gm)) {
    console.error(`${state}: ${line.trim()}`);
  }
  return [...output.matchAll(/^([a-z-]+) (\d+) (ns|of \d+)\r?$/gm)].map(
    ([, name = '', value, unit = '']) => ({ name, value: Number(value), unit }),
  );
}

/** Other work on the machine only makes a time longer, but can make a count larger or smaller. */
function summary(unit: string, values: readonly number[]): string {
  const sorted = values.toSorted((a, b) => a - b);
  const chosen = unit === 'ns' ? 0 : Math.floor(sorted.length / 2);
  return `${sorted[chosen] ?? 'none'} ${unit}`;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { rounds: { type: 'string', default: '3' }, json: { type: 'string' } },
  });
  const missing = lackingHere();
  if (missing.length > 0) throw new Error(`this needs apt-get install ${missing.join(' ')}`);
  const directory = await kernels();
  const taken = new Map<string, { unit: string } & Record<State, number[]>>();
  await inScratch(async (scratch) => {
    const image = await initramfs(scratch);
    for (let round = 0; round < Number(values.rounds); round++) {
      for (const state of states) {
        for (const { name, value, unit } of await boot(join(directory, state), image, state)) {
          const row = taken.get(name) ?? { unit, before: [], after: [] };
          row[state].push(value);
          taken.set(name, row);
        }
      }
    }
  });
  const print = (...[name, before, after]: [string, string, string]): void => {
    console.log(name.padEnd(40) + before.padStart(14) + after.padStart(14));
  };
  print('least time, median count', ...states);
  for (const [name, { unit, before, after }] of taken) {
    print(name, summary(unit, before), summary(unit, after));
  }
  if (values.json !== undefined) {
    writeFileSync(values.json, JSON.stringify(Object.fromEntries(taken), null, 2));
  }
}

await main();
