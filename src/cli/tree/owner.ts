import { display, parentOf, ROOT, type TreePath } from './path.js';

/** The package that a directory is in by its node_modules folder. */
export function packageFolder(directory: string): string | undefined {
  const folder = directory.lastIndexOf('/node_modules/') + 1;
  if (folder === 0 && !directory.startsWith('node_modules/')) return undefined;
  const start = folder + 'node_modules/'.length;
  let end = directory.indexOf('/', start);
  if (end >= 0 && directory[start] === '@') end = directory.indexOf('/', end + 1);
  return directory.slice(start, end < 0 ? undefined : end);
}

/** What a package.json says of its package's name. */
export function nameOf(manifest: unknown): string | undefined {
  if (typeof manifest !== 'object' || manifest === null || !('name' in manifest)) return undefined;
  const { name } = manifest;
  return typeof name === 'string' && name !== '' ? name : undefined;
}

/** Whose files a directory holds: by its node_modules folder, else by the nearest package.json with a name. */
export function packageOf(directory: TreePath, names: ReadonlyMap<TreePath, string>): string {
  const installed = packageFolder(directory);
  if (installed !== undefined) return display(installed);
  for (let at = directory; ; at = parentOf(at)) {
    const name = names.get(at);
    if (name !== undefined) return name;
    if (at === ROOT) return '(no package)';
  }
}
