/*
 * Makes the published declarations of tsc's. The package is CommonJS, whichever
 * way it is asked for (bundle.mjs), so that its types are too: one set of them,
 * named .d.cts, and an index.d.ts for those who import. What no entry point
 * leads to is left out.
 */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, normalize } from 'node:path';

const root = import.meta.dirname;
const emitted = join(root, 'build', 'types');
const out = join(root, 'dist');
const { exports } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));

const entries = Object.values(exports).flatMap(({ require, types }) =>
  require !== undefined ? [require.types] : types !== undefined ? [types] : [],
);
const found = new Set(entries.map((path) => normalize(path.slice('./dist/'.length))));
for (const file of found) {
  const text = await readFile(join(emitted, file.replace(/cts$/, 'ts')), 'utf8');
  const moved = text.replace(/(from |import\(|import )'(\.[^']*)\.js'/g, (_, before, path) => {
    found.add(join(dirname(file), `${path}.d.cts`));
    return `${before}'${path}.cjs'`;
  });
  await mkdir(dirname(join(out, file)), { recursive: true });
  await writeFile(join(out, file), moved);
}
for (const { import: imported, require } of Object.values(exports)) {
  if (imported === undefined) continue;
  const name = require.types.slice('./dist/'.length).replace(/d\.cts$/, 'cjs');
  await writeFile(join(root, imported.types), `export * from './${name}';\n`);
}
await rm(emitted, { recursive: true });
