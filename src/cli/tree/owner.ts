import { isObject } from '../json-object.js';
import { display, parentOf, ROOT, type TreePath } from './path.js';

/** Where the name of a package in a node_modules folder is in the directory's path. */
function namePlace(directory: string): { start: number; end: number | undefined } | undefined {
  const folder = directory.lastIndexOf('/node_modules/') + 1;
  if (folder === 0 && !directory.startsWith('node_modules/')) return undefined;
  const start = folder + 'node_modules/'.length;
  let end = directory.indexOf('/', start);
  if (end >= 0 && directory[start] === '@') end = directory.indexOf('/', end + 1);
  return { start, end: end < 0 ? undefined : end };
}

/** The package of a directory, by its node_modules folder. */
export function packageFolder(directory: string): string | undefined {
  const place = namePlace(directory);
  return place && directory.slice(place.start, place.end);
}

/** The package's name in a package.json. */
export function nameOf(manifest: unknown): string | undefined {
  if (!isObject(manifest)) return undefined;
  const { name } = manifest;
  return typeof name === 'string' && name !== '' ? name : undefined;
}

/** The package's version in a package.json. */
export function versionOf(manifest: unknown): string | undefined {
  if (!isObject(manifest)) return undefined;
  const { version } = manifest;
  return typeof version === 'string' && version !== '' ? version : undefined;
}

/** A package in the tree. */
interface Owner {
  name: string;
  /** The directory of its package.json. */
  folder: TreePath;
}

/**
 * The owner of a directory's files: by its node_modules folder, or else by the nearest package.json
 * with a name.
 */
function ownerOf(directory: TreePath, names: ReadonlyMap<TreePath, string>): Owner | undefined {
  const place = namePlace(directory);
  if (place !== undefined) {
    const folder = directory.slice(0, place.end) as TreePath;
    return { name: display(directory.slice(place.start, place.end)), folder };
  }
  for (let at = directory; ; at = parentOf(at)) {
    const name = names.get(at);
    if (name !== undefined) return { name, folder: at };
    if (at === ROOT) return undefined;
  }
}

export function packageOf(directory: TreePath, names: ReadonlyMap<TreePath, string>): string {
  return ownerOf(directory, names)?.name ?? '(no package)';
}

/** The package as name@version, if there is a version. */
export function versionedPackageOf(
  directory: TreePath,
  names: ReadonlyMap<TreePath, string>,
  versions: ReadonlyMap<TreePath, string>,
): string | undefined {
  const owner = ownerOf(directory, names);
  if (owner === undefined) return undefined;
  const version = versions.get(owner.folder);
  return version === undefined ? owner.name : `${owner.name}@${version}`;
}
