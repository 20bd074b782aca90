/*
 * Makes dist/ of src/: one file an entry point, so that a program that asks for
 * the package, the preload or the command loads one file and not fifty. The
 * declarations are tsc's. Each file lies directly in dist/, where
 * '../build/Release' is the addon's folder, as it is seen from src/.
 */
import { createHash } from 'node:crypto';
import { chmod, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { build } from 'esbuild';

import { makeBytecode } from './bytecode.mjs';

const outdir = fileURLToPath(new URL('dist', import.meta.url));
/** Only for `npm run coverage`: each file of dist/ tells which lines of src/ it was made of. */
const measured = process.argv.includes('--measured');
const { version } = JSON.parse(await readFile(new URL('package.json', import.meta.url), 'utf8'));
const common = {
  absWorkingDir: fileURLToPath(new URL('.', import.meta.url)),
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  packages: 'external',
  sourcemap: true,
  sourcesContent: measured,
  logLevel: 'warning',
  outdir,
};

// What an older source left there would be published.
await rm(outdir, { recursive: true, force: true });

// Where `import.meta` is not, in CommonJS.
const defined = { 'import.meta.dirname': '__dirname', 'import.meta.filename': '__filename' };

// An entry point that uses the API takes the one that the program has.
const theApi = {
  name: 'the API',
  setup({ onResolve }) {
    onResolve({ filter: /^\.\/index\.js$/ }, () => ({ path: './api.cjs', external: true }));
  },
};

// The API is CommonJS, and what is imported is the same module: one policy and one
// set of classes in a process, however it was asked for.
await build({
  ...common,
  format: 'cjs',
  entryPoints: { api: 'src/index.ts', testing: 'src/testing.ts' },
  outExtension: { '.js': '.cjs' },
  define: defined,
  plugins: [theApi],
});
// Where an ES module imports CommonJS, Node reads the whole text for the names that it
// exports. So those of the API stand in a small file.
const names = exportsOf('api');
await writeFile(
  `${outdir}/index.cjs`,
  [
    `'use strict';`,
    `Object.defineProperty(exports, '__esModule', { value: true });`,
    `const api = require('./api.cjs');`,
    ...names.map((name) => `exports.${name} = api.${name};`),
    '',
  ].join('\n'),
);
await writeModule('index', names);
await writeModule('testing', exportsOf('testing'));

function exportsOf(file) {
  return Object.keys(createRequire(import.meta.url)(`./dist/${file}.cjs`)).sort();
}

function writeModule(file, names) {
  return writeFile(
    `${outdir}/${file}.js`,
    `export {\n  ${names.join(',\n  ')},\n} from './${file}.cjs';\n`,
  );
}

// CommonJS and small: it runs at every start of Node, before the program.
const preload = {
  ...common,
  format: 'cjs',
  minifyWhitespace: !measured,
  minifySyntax: !measured,
  // Node shows the line that threw what nobody caught.
  lineLimit: 120,
  sourcemap: measured,
  outExtension: { '.js': '.cjs' },
};

/** Reports of coverage leave out what has no URL of a file. Stack traces show this name. */
const named = (file) => `//# sourceURL=mayexec:${file}`;

/** Most of it is in a comment, which Node does not parse. register.ts takes it from there. */
async function buildRegister() {
  const head = 'function packed(){/*';
  const { outputFiles } = await build({
    ...preload,
    write: false,
    entryPoints: { preload: 'src/preload/preload.ts' },
    define: { ...defined, MAYEXEC_EXECUTABLE: 'false' },
  });
  const { text } = outputFiles[0];
  // Its lines have the same numbers as in the file.
  const packed = `\n(function(exports,require,module,__filename,__dirname){${text}})\n${named('register.cjs')}`;
  if (packed.includes('*/')) throw new Error('the preload has the end of a comment in it');
  const sha256 = createHash('sha256').update(packed).digest('hex');
  const place = { start: head.length, end: head.length + packed.length, sha256 };
  await build({
    ...preload,
    entryPoints: { register: 'src/preload/register.ts' },
    define: { ...defined, PACKED: JSON.stringify(place) },
    banner: { js: `${head}${packed}\n*/}` },
    footer: { js: named('register.cjs') },
  });
  return place;
}

/** Whose lines can be counted: neither packed nor left out of reports. */
async function buildMeasuredRegister() {
  await build({
    ...preload,
    entryPoints: { register: 'src/preload/preload.ts' },
    define: { ...defined, MAYEXEC_EXECUTABLE: 'false' },
    footer: { js: 'module.exports.preload();' },
  });
}

const packedAt = await (measured ? buildMeasuredRegister() : buildRegister());
// The hooks in it are evaluated by the first call.
await build({
  ...preload,
  ...(measured ? {} : { footer: { js: named('modules.cjs') } }),
  entryPoints: { modules: 'src/preload/modules.ts' },
  define: { ...defined, MAYEXEC_EXECUTABLE: 'false' },
});
await writeModule('modules', exportsOf('modules'));
// Workers of a program that called checkModules() load this first.
await writeFile(
  `${outdir}/worker.cjs`,
  `'use strict';\nrequire('./modules.cjs').checkModules();\n`,
);
// With its libraries, which are many files. What a subcommand needs is evaluated when it runs.
const command = await build({
  ...preload,
  ...(measured
    ? { banner: { js: await readFile('test/coverage/before-execve.cjs', 'utf8') } }
    : {}),
  metafile: true,
  packages: 'bundle',
  entryPoints: { cli: 'src/cli/main.ts' },
  define: { ...defined, MAYEXEC_EXECUTABLE: 'false', MAYEXEC_VERSION: JSON.stringify(version) },
});
// Goes into the programs that `mayexec image` runs.
await build({
  ...preload,
  entryPoints: { record: 'src/image/record.ts' },
  define: { ...defined, MAYEXEC_EXECUTABLE: 'false' },
});
// What native/run/tables.mjs makes mayexec-run's tables of where there is no checkout.
await build({
  ...common,
  format: 'esm',
  sourcemap: false,
  entryPoints: { 'launcher-tables': 'src/launch/tables.ts' },
  outExtension: { '.js': '.mjs' },
});
// Goes into the executables of `mayexec build-node`, where it has no file. To be counted it needs one.
await build({
  ...preload,
  ...(measured ? { footer: { js: `//# sourceURL=file://${outdir}/executable.cjs` } } : {}),
  entryPoints: { executable: 'src/executable/main.ts' },
  define: { ...defined, MAYEXEC_EXECUTABLE: 'true' },
});

// It takes a command that is complete.
if (packedAt !== undefined) {
  makeBytecode(`${outdir}/register.cjs`, packedAt, `${outdir}/bytecode`);
}

// What others wrote and the command has in it.
const libraries = new Set();
for (const input of Object.keys(command.metafile.inputs)) {
  const [, library] = /node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*node_modules)/.exec(input) ?? [];
  if (library !== undefined) libraries.add(library);
}
const texts = await Promise.all([...libraries].sort().map(licence));
await writeFile(`${outdir}/THIRD-PARTY-LICENSES`, texts.join(`\n${'-'.repeat(80)}\n\n`));

async function licence(library) {
  const folder = fileURLToPath(new URL(`node_modules/${library}`, import.meta.url));
  const { version, license } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  const file = (await readdir(folder)).find((name) => /^licen[cs]e/i.test(name));
  if (file === undefined) throw new Error(`${library} has no licence text`);
  return `${library} ${version} (${license})\n\n${await readFile(join(folder, file), 'utf8')}`;
}

// Whoever loads a checked file by its name again, as `--import` does, asks about it again.
for (const file of ['cli', 'register', 'modules', 'worker']) {
  await chmod(`${outdir}/${file}.cjs`, 0o755);
}
