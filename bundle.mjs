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

// CommonJS and small: V8 reads all of it at each start, and comments and indentation are a third.
const small = {
  ...common,
  format: 'cjs',
  minifyWhitespace: !measured,
  minifySyntax: !measured,
  // Node shows the line that threw what nobody caught.
  lineLimit: 120,
  outExtension: { '.js': '.cjs' },
};

// Where `import.meta` is not, in CommonJS.
const defined = { 'import.meta.dirname': '__dirname', 'import.meta.filename': '__filename' };

/** Takes the imports of some files of src/ from elsewhere. */
const take = (isTaken, resolved, load) => ({
  name: 'take',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^\.{1,2}\// }, ({ path, resolveDir, kind }) =>
      kind !== 'entry-point' && isTaken(join(resolveDir, path.replace(/js$/, 'ts')))
        ? resolved
        : undefined,
    );
    if (load !== undefined) onLoad({ filter: /./, namespace: resolved.namespace }, load);
  },
});

// The API is CommonJS, and what is imported is the same module: one policy and one set of classes
// in a process, however it was asked for. An import evaluates the classes. The first call evaluates
// the functions, which are three quarters.
const THE_CLASSES = join(common.absWorkingDir, 'src/classes.ts');
const { metafile } = await build({
  ...small,
  metafile: true,
  write: false,
  entryPoints: [THE_CLASSES],
});
const ofClasses = Object.keys(metafile.inputs)
  .map((file) => join(common.absWorkingDir, file))
  .filter((file) => file !== THE_CLASSES);
const shared = new Map(await Promise.all(ofClasses.map(async (file) => [file, await names(file)])));
const sharedNames = [...shared.values()].flat().join();

async function names(file) {
  const options = { bundle: true, platform: 'node', format: 'esm', write: false };
  const { metafile } = await build({ ...options, metafile: true, entryPoints: [file], outdir });
  return Object.values(metafile.outputs)[0].exports;
}

await build({
  ...small,
  entryPoints: { api: 'src/index.ts' },
  define: defined,
  banner: { js: `'use strict';module.exports=(classes)=>{const module={};` },
  footer: { js: `return module.exports};` },
  plugins: [
    take(
      (file) => shared.has(file),
      { path: 'classes', namespace: 'classes' },
      () => ({ contents: `export const {${sharedNames}} = classes;` }),
    ),
  ],
});
const classes = await names(THE_CLASSES);
const api = await names(join(common.absWorkingDir, 'src/index.ts'));
await build({
  ...small,
  stdin: {
    contents: [
      ...[...shared].map(([file, names]) => `import {${names}} from ${JSON.stringify(file)};`),
      `let api;`,
      `const load = () => (api = require('./api.cjs')({${sharedNames}}));`,
      `Object.defineProperty(exports, '__esModule', { value: true });`,
      ...api.filter((name) => !classes.includes(name)).map(call),
      ...api.map((name) => `exports.${name} = ${name};`),
    ].join('\n'),
    resolveDir: common.absWorkingDir,
    sourcefile: 'index.js',
  },
  banner: { js: `'use strict';` },
  logOverride: { 'commonjs-variable-in-esm': 'silent' },
  outdir: undefined,
  outfile: `${outdir}/index.cjs`,
  external: ['./api.cjs'],
});
await build({
  ...small,
  entryPoints: { testing: 'src/testing.ts' },
  plugins: [
    take((file) => file.endsWith('/src/index.ts'), { path: './index.cjs', external: true }),
  ],
});

/** No function of the API has more than two parameters. */
function call(name) {
  return `function ${name}(first, second) { return (api ?? load()).${name}(first, second); }`;
}
// Where an ES module imports CommonJS, Node looks in its text for what it exports, which takes
// Node 22 a microsecond a character. So the names stand in a small file.
await writeFile(
  `${outdir}/names.cjs`,
  `'use strict';
const index = require('./index.cjs');
module.exports = index;
0 && (module.exports = { ${api.join(', ')} });
`,
);
await writeModule('index', api, 'names');
await writeModule('testing', exportsOf('testing'));

function exportsOf(file) {
  return Object.keys(createRequire(import.meta.url)(`./dist/${file}.cjs`)).sort();
}

function writeModule(file, names, from = file) {
  return writeFile(
    `${outdir}/${file}.js`,
    `export {\n  ${names.join(',\n  ')},\n} from './${from}.cjs';\n`,
  );
}

// Runs at every start of Node, before the program.
const preload = { ...small, sourcemap: measured };

/** Reports of coverage leave out what has no URL of a file. Stack traces show this name. */
const named = (file) => `//# sourceURL=mayexec:${file}`;

/**
 * Most of it is in a comment, which Node does not parse. register.ts takes it from there. To be
 * counted, what is in the comment needs a file of its own.
 */
async function buildRegister() {
  const head = 'function packed(){/*';
  const { outputFiles } = await build({
    ...preload,
    // Without comments.
    minifyWhitespace: true,
    write: false,
    entryPoints: { preload: 'src/preload/preload.ts' },
    define: { ...defined, MAYEXEC_EXECUTABLE: 'false' },
  });
  const { text } = outputFiles.at(-1);
  const name = measured ? `//# sourceURL=file://${outdir}/preload.cjs` : named('register.cjs');
  // Its lines have the same numbers as in the file.
  const packed = `\n(function(exports,require,module,__filename,__dirname){${text}})\n${name}`;
  if (packed.includes('*/')) throw new Error('the preload has the end of a comment in it');
  if (measured) {
    const map = JSON.parse(outputFiles[0].text);
    await writeFile(`${outdir}/preload.cjs`, packed);
    await writeFile(
      `${outdir}/preload.cjs.map`,
      JSON.stringify({ ...map, mappings: `;${map.mappings}` }),
    );
  }
  const sha256 = createHash('sha256').update(packed).digest('hex');
  const place = { start: head.length, end: head.length + packed.length, sha256 };
  await build({
    ...preload,
    entryPoints: { register: 'src/preload/register.ts' },
    define: { ...defined, PACKED: JSON.stringify(place) },
    banner: { js: `${head}${packed}\n*/}` },
    ...(measured ? {} : { footer: { js: named('register.cjs') } }),
  });
  return place;
}

const packedAt = await buildRegister();
// The hooks in it are evaluated by the first call.
await build({
  ...preload,
  ...(measured ? {} : { footer: { js: named('modules.cjs') } }),
  entryPoints: { modules: 'src/preload/modules.ts' },
  define: { ...defined, MAYEXEC_EXECUTABLE: 'false' },
  external: ['./api.cjs'],
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
// A copy of it goes into the programs that `mayexec image` runs.
await build({
  ...preload,
  ...(measured ? { footer: { js: `//# sourceURL=file://${outdir}/record.cjs` } } : {}),
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
makeBytecode(`${outdir}/register.cjs`, packedAt, `${outdir}/bytecode`);

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
