/*
 * The proof on a real application, by hand: it downloads some 18,600 files.
 *
 *   node test/programs/real-tree.mjs [DIR]
 *
 * Installs the packages in DIR, or in a folder of its own. scan finds exactly what
 * the kernel refuses when refused.py asks about each file by itself; after seal
 * nothing is refused, and applications of the tree run with both securebits locked
 * on Node 22, 24 and 26; after undo every mode is what it was.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PACKAGES = ['next', 'webpack', 'eslint', 'aws-sdk@2', 'typescript', 'express', 'vite'];
const here = (path) => join(import.meta.dirname, path);
const command = here('../../dist/cli.cjs');
const [given] = process.argv.slice(2);
const root = given ?? mkdtempSync(join(tmpdir(), 'mayexec-real-'));

let failures = 0;
function report(passed, what, detail = '') {
  if (!passed) failures++;
  console.log(`${passed ? 'ok    ' : 'FAILED'} ${what}`);
  if (!passed && detail !== '') console.log(detail);
}

function mayexec(...args) {
  return spawnSync(process.execPath, [command, ...args], { encoding: 'utf8', maxBuffer: 1 << 28 });
}

/** The mode of everything in the tree. */
function modes() {
  const list = readdirSync(root, { recursive: true }).sort();
  return list.map((path) => `${lstatSync(join(root, path)).mode.toString(8)} ${path}`);
}

/** A server that answers itself once, and ends. */
const server = `
  const app = require('express')();
  app.get('/', (_, response) => response.send('hello'));
  const listening = app.listen(0, async () => {
    const answer = await fetch('http://127.0.0.1:' + listening.address().port);
    console.log(answer.status, await answer.text());
    listening.close();
  });`;

const files = {
  'package.json': '{ "name": "project", "private": true }',
  'lint.config.mjs': 'export default [{ rules: { "no-var": "error" } }];',
  'lint.js': 'const a = 1;\nexport default a;\n',
  'typed.ts': 'const n: number = 1;\nexport default n;\n',
  'entry.js': 'import { one } from "./one.js";\nconsole.log(one);\n',
  'one.js': 'export const one = 1;\n',
  'index.html': '<script type="module" src="./entry.js"></script>\n',
  'server.cjs': server,
  'aws.cjs': 'console.log(typeof require("aws-sdk").S3);',
  'webpack.cjs': `require('webpack')({ mode: 'production', entry: './entry.js', output: { path: process.cwd() + '/out' } },
    (error, stats) => { console.log(error ?? stats.toString('errors-only'), stats.hasErrors()); process.exitCode = error || stats.hasErrors() ? 1 : 0; });`,
  'pages/index.js': 'export default function Page() { return <p>hello</p>; }\n',
  'start.cjs': `
    const app = require('next')({ dir: __dirname });
    app.prepare().then(() => {
      const listening = require('node:http').createServer(app.getRequestHandler()).listen(0, async () => {
        const answer = await fetch('http://127.0.0.1:' + listening.address().port);
        console.log(answer.status, (await answer.text()).includes('<p>hello</p>'));
        process.exit(answer.status === 200 ? 0 : 1);
      });
    });`,
};

/** What is run, and what its output says when it worked. */
const programs = [
  ['eslint', ['../node_modules/eslint/bin/eslint.js', '-c', 'lint.config.mjs', 'lint.js'], /^$/],
  [
    'tsc',
    ['../node_modules/typescript/bin/tsc', '--noEmit', '--skipLibCheck', '--types', '', 'typed.ts'],
    /^$/,
  ],
  ['webpack', ['webpack.cjs'], /false/],
  [
    'vite build',
    ['../node_modules/vite/bin/vite.js', 'build', '--configLoader', 'native'],
    /built in/,
  ],
  ['express', ['server.cjs'], /200 hello/],
  ['aws-sdk', ['aws.cjs'], /function/],
  ['next, serving what was built', ['start.cjs'], /200 true/],
];

if (!existsSync(join(root, 'node_modules'))) {
  writeFileSync(join(root, 'package.json'), '{ "private": true }');
  execFileSync('npm', ['install', '--ignore-scripts', ...PACKAGES], {
    cwd: root,
    stdio: 'inherit',
  });
}
const project = join(root, 'project');
rmSync(project, { recursive: true, force: true });
for (const [path, text] of Object.entries(files)) {
  mkdirSync(join(project, path, '..'), { recursive: true });
  writeFileSync(join(project, path), text);
}
// What next makes is code, which it loads while it builds: build first, then seal.
const built = spawnSync(
  process.execPath,
  ['../node_modules/next/dist/bin/next', 'build', '--webpack'],
  {
    cwd: project,
    encoding: 'utf8',
    env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1' },
  },
);
report(built.status === 0, 'next build, before the policy', built.stdout + built.stderr);

const before = modes();
const found = JSON.parse(mayexec('scan', '--json', root).stdout);
const oracle = execFileSync('python3', [here('refused.py'), root], {
  encoding: 'utf8',
  maxBuffer: 1 << 28,
});
const expected = oracle.trim().split('\n').sort();
const paths = found.refused.map(({ path }) => path).sort();
report(
  paths.join('\n') === expected.join('\n'),
  `scan: ${found.files} files, ${found.code} of code; ${paths.length} found, ${expected.length} refused one by one`,
  [
    ...paths.filter((path) => !expected.includes(path)),
    ...expected.filter((path) => !paths.includes(path)),
  ].join('\n'),
);

const sealed = mayexec('seal', '--journal', `${root}.journal`, root);
report(sealed.status === 0, `seal: ${sealed.stdout.split('\n')[0]}`, sealed.stderr);
report(mayexec('scan', root).status === 0, 'scan: nothing is refused');
const changed = modes().filter((mode, i) => mode !== before[i]).length;
report(changed === paths.length, `${changed} modes differ`);

for (const major of [22, 24, 26]) {
  const node = here(`../../node_modules/node-${major}/bin/node`);
  for (const [name, args, output] of programs) {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [command, 'run', '--lock', '--', node, ...args],
      {
        cwd: project,
        encoding: 'utf8',
        timeout: 120_000,
        env: { ...process.env, NODE_ENV: 'production' },
      },
    );
    report(
      status === 0 && output.test(stdout),
      `Node ${major}, locked: ${name}`,
      `status ${status}\n${stdout}${stderr}`,
    );
  }
  writeFileSync(join(project, 'dropped.cjs'), '');
  const dropped = spawnSync(
    process.execPath,
    [command, 'run', '--lock', '--', node, 'dropped.cjs'],
    { cwd: project },
  );
  report(dropped.status === 126, `Node ${major}, locked: a file without x is refused`);
  rmSync(join(project, 'dropped.cjs'));
}
// What the programs have made is no part of the comparison.
for (const made of ['out', 'dist']) rmSync(join(project, made), { recursive: true, force: true });

const undone = mayexec('seal', '--undo', '--journal', `${root}.journal`, root);
report(undone.status === 0, `undo: ${undone.stdout.trim()}`, undone.stderr);
const after = new Set(modes());
const lost = before.filter((mode) => !after.has(mode));
report(
  lost.length === 0,
  `every mode of ${before.length} is what it was (sha256 ${createHash('sha256').update(before.join('\n')).digest('hex').slice(0, 16)})`,
  lost.join('\n'),
);

rmSync(given === undefined ? root : project, { recursive: true });
process.exitCode = failures > 0 ? 1 : 0;
