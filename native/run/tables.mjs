/*
 * Writes the C tables of mayexec-run to a file: `node tables.mjs OUTPUT`. They come from the tables
 * in src/, so that each table exists once. The published package has those in dist/, because Node
 * 20 cannot load TypeScript.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

async function load() {
  const isCheckout = existsSync(join(root, 'bundle.mjs'));
  if (!isCheckout) return await import(new URL('../../dist/launcher-tables.mjs', import.meta.url));
  const { build } = await import('esbuild');
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: ['src/launch/tables.ts'],
    bundle: true,
    format: 'esm',
    platform: 'node',
    // A module from a string has no file name.
    define: { 'import.meta.filename': '""' },
    write: false,
  });
  const text = Buffer.from(outputFiles[0].contents).toString('base64');
  return await import(`data:text/javascript;base64,${text}`);
}

const { tables } = await load();
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/**
 * A C string. A question mark could begin a trigraph, and a digit could continue an octal escape.
 */
const text = (value) =>
  `"${value.replace(/[^ !#->@-[\]-~]/gu, (character) =>
    [...Buffer.from(character)].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join(''),
  )}"`;
const constant = (value) => value.toUpperCase().replaceAll('-', '_');
const array = (type, name, count, rows) => `const ${type} ${name}[] = {
${rows.map((row) => `    ${row},`).join('\n')}
};
const size_t ${count} = sizeof ${name} / sizeof ${name}[0];
`;

/** Compares as strcmp(3) does. */
const byName = (a, b) => Buffer.compare(Buffer.from(a.name), Buffer.from(b.name));
const options = tables.options
  .flatMap((row) =>
    [row.name, ...row.aliases].map((name) => ({ ...row, name, canonical: row.name })),
  )
  .sort(byName);
const twice = options.find(({ name }, i) => name === options[i + 1]?.name);
if (twice !== undefined) throw new Error(`${twice.name} has two rows`);

const output = `/* Made by native/run/tables.mjs of the tables in src/. */
#include "tables.h"

${array(
  'struct option_row',
  'option_rows',
  'option_row_count',
  options.map(
    ({ name, canonical, why, instead, effect, value, harmlessValue = '', isV8, gate }) =>
      `{${text(name)}, ${text(canonical)}, ${text(why)}, ${text(instead)}, ${text(harmlessValue)}, ${constant(effect)}, VALUE_${constant(value)}, ${isV8}, ${gate === undefined ? -1 : tables.gates.indexOf(gate)}}`,
  ),
)}
${array(
  'struct variable_row',
  'variable_rows',
  'variable_row_count',
  tables.variables.map(
    ({ name, prefix, effect, forShells = false }) =>
      `{${text(name)}, ${prefix}, VARIABLE_${constant(effect)}, ${forShells}}`,
  ),
)}
${array('char *const', 'gates', 'gate_count', tables.gates.map(text))}
${array(
  'struct errno_row',
  'errno_rows',
  'errno_row_count',
  tables.errnos.map(
    ({ number, code, text: words }) => `{${number}, ${text(code)}, ${text(words)}}`,
  ),
)}
${array(
  'struct hidden_row',
  'hidden_rows',
  'hidden_row_count',
  tables.hiddenCharacters.map(([first, last]) => `{${first}, ${last}}`),
)}
const char strict_option[] = ${text(tables.strictOption)};
const char version[] = ${text(`${version}\n`)};
const char help[] = ${text(tables.help)};
`;

const [, , file] = process.argv;
mkdirSync(dirname(file), { recursive: true });
writeFileSync(file, output);
