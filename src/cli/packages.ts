import { posix } from 'node:path';

/** Files that are code by their name; the same rule as in native/node_code.c. */
export function isCodeName(name: string): boolean {
  return /.\.(?:[cm]?js|node|wasm|[cm]?ts)$/s.test(name) && !/.\.d\.[cm]?ts$/s.test(name);
}

/** Whether text starts with a "#!" line that names node; the same rule as in native/node_code.c. */
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
      !isCodeName(posix.basename(target)),
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

/** The package that a directory is in by its node_modules folder. */
export function packageFolder(directory: string): string | undefined {
  const folder = directory.lastIndexOf('/node_modules/') + 1;
  if (folder === 0 && !directory.startsWith('node_modules/')) return undefined;
  const start = folder + 'node_modules/'.length;
  let end = directory.indexOf('/', start);
  if (end >= 0 && directory[start] === '@') end = directory.indexOf('/', end + 1);
  return directory.slice(start, end < 0 ? undefined : end);
}

/** Whose files a directory holds: by its node_modules folder, else by the nearest package.json with a name. */
export function packageOf(directory: string, names: ReadonlyMap<string, string>): string {
  const installed = packageFolder(directory);
  if (installed !== undefined) return installed;
  for (let at = directory; ; at = at.slice(0, Math.max(at.lastIndexOf('/'), 0))) {
    const name = names.get(at);
    if (name !== undefined) return name;
    if (at === '') return '(no package)';
  }
}
