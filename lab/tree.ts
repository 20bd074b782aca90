/** A tree of kernel sources: unpacked, patched, configured, built. */
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { unpack, type Version } from './apt.js';
import { ingredient, lab } from './cache.js';
import { must } from './exec.js';

export type Architecture = 'um' | 'x86_64';

const minute = 60_000;

/** Leaves the other users of the machine their share. */
export const make = (architecture: Architecture): readonly string[] => [
  ...['nice', '-n', '10', 'make', `ARCH=${architecture}`, '-j2'],
];

export const configFile = (name: string): string => join('config', name);

/** Unpacks a package of Debian with a kernel's source; returns the tree. */
export async function unpackSource(source: Version, scratch: string): Promise<string> {
  const packed = join(scratch, 'package');
  const tree = join(scratch, 'tree');
  await unpack(source, packed);
  const sources = join(packed, 'usr', 'src');
  const archive = readdirSync(sources).find((file) => file.includes('.tar.'));
  if (archive === undefined) throw new Error(`${source.package} has no source archive`);
  mkdirSync(tree);
  await must(['tar', 'xf', join(sources, archive), '-C', tree, '--strip-components=1']);
  return tree;
}

/** Applies a patch of lab/, or takes it off. */
export async function patch(
  tree: string,
  file: string,
  direction: '--forward' | '--reverse' = '--forward',
): Promise<void> {
  await must(['patch', '-p1', direction, '--input', join(lab, file)], { cwd: tree });
}

/** Sets the configuration. An option that the kernel does not accept is an error. */
export async function configure(
  tree: string,
  architecture: Architecture,
  names: readonly string[],
): Promise<void> {
  const wishes = names.map((name) => ingredient(configFile(name))).join('');
  const file = join(tree, 'lab.config');
  writeFileSync(file, wishes);
  await must([...make(architecture), 'allnoconfig'], {
    cwd: tree,
    env: { ...process.env, KCONFIG_ALLCONFIG: file },
  });
  const granted = new Set(readFileSync(join(tree, '.config'), 'utf8').split('\n'));
  const refused = wishes
    .split('\n')
    .filter((line) => line.startsWith('CONFIG_') && !granted.has(line));
  if (refused.length > 0) throw new Error(`this kernel does not grant ${refused.join(', ')}`);
}

export async function build(
  tree: string,
  architecture: Architecture,
  target: string,
): Promise<void> {
  await must([...make(architecture), target], { cwd: tree, timeout: 60 * minute });
}
