import { posix } from 'node:path';

/** Files that are code by their name; the same rule as in native/tree.c. */
export function isCodeName(name: string): boolean {
  return /.\.(?:[cm]?js|node|wasm|[cm]?ts)$/s.test(name) && !/.\.d\.[cm]?ts$/s.test(name);
}

/** Whether text starts with a "#!" line that names node; the same rule as in native/tree.c. */
export function isNodeScript(start: string): boolean {
  return /^#!(?:[^\n]*[ \t\r/])?node(?:js)?(?:[ \t\r\n]|$)/.test(start);
}

/**
 * The files that a package.json makes code without their names saying so,
 * relative to the package: `main` and `bin` whatever their extension, since
 * require() takes an unknown one for JavaScript, and what `exports` and
 * `imports` name without one. JSON is data, and a pattern names no file.
 */
export function targetsOf(manifest: unknown): string[] {
  if (typeof manifest !== 'object' || manifest === null) return [];
  const { main, bin, exports, imports } = manifest as Record<string, unknown>;
  const targets = [...strings(main), ...strings(bin)];
  for (const target of [...strings(exports), ...strings(imports)]) {
    if (target.startsWith('./') && posix.extname(target) === '') targets.push(target);
  }
  return targets.filter(
    (target) =>
      target !== '' &&
      !target.includes('*') &&
      !target.includes('\0') &&
      !target.endsWith('.json') &&
      !isCodeName(target),
  );
}

/** Every string that a value holds, however deep: a manifest may nest deeper than a stack is. */
function strings(value: unknown): string[] {
  const found: string[] = [];
  const pending = [value];
  while (pending.length > 0) {
    const next = pending.pop();
    if (typeof next === 'string') found.push(next);
    else if (typeof next === 'object' && next !== null)
      for (const inner of Object.values(next)) pending.push(inner);
  }
  return found;
}

/** Whose file it is: by its node_modules folder, else by the nearest package.json with a name. */
export function packageOf(path: string, names: ReadonlyMap<string, string>): string {
  const folder = path.lastIndexOf('/node_modules/');
  const inside = folder >= 0 ? folder + 1 : path.startsWith('node_modules/') ? 0 : -1;
  if (inside >= 0) {
    const [scope = '', name = ''] = path.slice(inside + 'node_modules/'.length).split('/', 2);
    return scope.startsWith('@') ? `${scope}/${name}` : scope;
  }
  for (let directory = path; directory !== '';) {
    directory = directory.slice(0, Math.max(directory.lastIndexOf('/'), 0));
    const name = names.get(directory);
    if (name !== undefined) return name;
  }
  return '(no package)';
}
