import { closeSync } from 'node:fs';

import { addon } from '../addon.js';
import { syscallError } from '../errors.js';
import { bytecodeOf, ownEngine } from '../image/bytecode.js';
import { ImageError } from '../image/format.js';
import { hashLockfiles } from '../image/lockfiles.js';
import { sha256 } from '../image/read.js';
import { NOTHING_RECORDED, type Recorded } from '../image/recorded.js';
import { writeImage, type Module, type Written } from '../image/write.js';
import { isNamedModule, moduleBytecodeOf } from './module-bytecode.js';
import { amount, printable, styled } from './terminal.js';
import { openFile, stateOf } from './tree/file.js';
import { listTree } from './tree/list.js';
import { isTextPath, pathOfFd } from './tree/open.js';
import { display, isText, type TreePath } from './tree/path.js';

/** What goes into an image. */
export interface ImageOptions {
  readonly ext?: readonly string[];
  readonly bytecode: boolean;
  readonly sources: boolean;
}

/** The paths in a tree that go into an image, sorted by their bytes, and those that cannot. */
export async function codeOf(
  root: number,
  title: string,
  extensions: readonly string[],
): Promise<{ paths: TreePath[]; addons: TreePath[]; others: string[] }> {
  const { paths, entryPoints, links, unexamined } = await listTree(root, title, extensions);
  const code = [...new Set([...paths, ...entryPoints])].sort();
  const isAddon = (path: TreePath): boolean => path.endsWith('.node');
  return {
    // Node handles paths as text.
    paths: code.filter((path) => !isAddon(path) && isText(path)),
    addons: code.filter(isAddon),
    others: [
      ...unexamined.map(({ path, errno }) => `${path}: could not be examined (${errno})`),
      ...code
        .filter((path) => !isText(path))
        .map((path) => `${display(path)}: its name is not UTF-8`),
      ...links.map((path) => `${path}: a symbolic link that leaves the tree`),
    ],
  };
}

/**
 * The content of a file in a tree. Throws SyscallError, and ImageError for anything but a regular
 * file.
 */
export function contentOf(root: number, path: TreePath): Buffer {
  const fd = openFile(root, path);
  if (typeof fd !== 'number') {
    throw new ImageError(`${display(path)}: cannot be read (${fd ?? 'ENOENT'})`);
  }
  try {
    if (!stateOf(fd).regular) throw new ImageError(`${display(path)}: is not a regular file`);
    const bytes = addon().readFileSync(fd);
    if (typeof bytes !== 'number') return bytes;
    throw syscallError(bytes, 'read', { path: display(path) });
  } finally {
    closeSync(fd);
  }
}

/** Whether Node may compile a file of this name as JavaScript. */
const isJavaScript = (path: string): boolean =>
  /\.[cm]?js$/.test(path) || !path.slice(path.lastIndexOf('/') + 2).includes('.');

/** The bytecode of a text, as what Node loads it. */
function compiled(source: Buffer, filename: string, recorded: Recorded): Omit<Module, 'source'> {
  const text = source.toString();
  const named = isNamedModule(filename);
  const script = named === true ? undefined : bytecodeOf(text, filename, recorded.of(source));
  if (script !== undefined || named === false) return { bytecode: script, isModule: false };
  return { bytecode: moduleBytecodeOf(text, filename), isModule: true };
}

/** What became of an image. */
export interface Made {
  readonly written: Written;
  /** How many addons stay on the disk. */
  readonly addons: number;
  /** What cannot be in it, and why. */
  readonly others: readonly string[];
}

/** Writes an image of the code in a tree. Throws ImageError, SyscallError and node:fs's errors. */
export async function makeImage(
  root: number,
  directory: string,
  out: string,
  { ext = [], bytecode, sources }: ImageOptions,
  recorded: Recorded = NOTHING_RECORDED,
): Promise<Made> {
  const { paths, addons, others } = await codeOf(root, directory, ext);
  const real = pathOfFd(root);
  if (!isTextPath(root)) {
    throw new ImageError(`${real}: the path is not UTF-8, and Node starts no program there`);
  }
  const meta = {
    root: real,
    lockfiles: hashLockfiles(real, sha256),
    sources,
    engine: bytecode ? ownEngine() : null,
  };
  const load = (bytes: Buffer): Module => {
    const path = bytes.toString('latin1') as TreePath;
    const source = contentOf(root, path);
    const name = bytes.toString();
    return bytecode && isJavaScript(name)
      ? { source, ...compiled(source, `${real}/${name}`, recorded) }
      : { source, bytecode: undefined, isModule: false };
  };
  const written = writeImage(
    out,
    meta,
    paths.map((path) => Buffer.from(path, 'latin1')),
    load,
    sha256,
  );
  return { written, addons: addons.length, others };
}

/** Says what an image holds. */
export function describe(out: string, { modules, compiled, length }: Written): string {
  return `${styled('green', amount(modules, 'module'))} in ${printable(out)}, ${amount(compiled, 'module')} with bytecode, ${(length / (1 << 20)).toFixed(1)} MiB`;
}
