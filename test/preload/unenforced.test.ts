import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';

import { afterAll, describe, expect, test } from 'vitest';

import { addon, api, preload } from '../support/built.js';
import { Fixture } from './fixture.js';
import { PolicyHost, type Outcome } from './policy-host.js';
import { EDGES, MAJORS, nodeBinary, type Major } from './versions.js';

const fileOf = (name: string): string =>
  readFileSync(new URL(`./ways/unenforced/${name}`, import.meta.url), 'utf8');

/** Hooks on a thread of their own, as dd-trace, OpenTelemetry and import-in-the-middle have them. */
const LOADER = {
  'main.cjs': fileOf('register.cjs'),
  'import.mjs': `import target from 'virtual'; import own from './own.cjs'; console.log(target, own)`,
  'loader.mjs': fileOf('loader.mjs'),
  'replacement.mjs': `export const replacement = 'replaced'`,
  'suffix.cjs': `exports.suffix = 'target.mjs'`,
  'target.mjs': `export default 'target'`,
  'own.cjs': `module.exports = 'own'`,
  'own.mjs': `export default 'own'`,
};

/** Of a program whose one line is the fifth of original.ts. */
const SOURCE_MAP = Buffer.from(
  JSON.stringify({
    version: 3,
    sources: ['original.ts'],
    names: [],
    mappings: 'AAIA',
    sourcesContent: ['\n\n\n\nthrow new Error("mapped")'],
  }),
).toString('base64');

const ADDON = readFileSync(addon);

/** Programs of which everything that can be seen must be as without the preload. */
const programs: {
  name: string;
  args?: string[];
  files: Record<string, string | Uint8Array>;
  /** It is tried with an audit log, too. */
  logged?: true;
}[] = [
  {
    name: 'a stack through require',
    files: { 'main.cjs': `require('./a.cjs')`, 'a.cjs': `\n\nthrow new Error('here')` },
  },
  {
    name: 'a stack through import',
    args: ['main.mjs'],
    files: { 'main.mjs': `import './a.mjs'`, 'a.mjs': `export {};\nthrow new Error('here')` },
  },
  {
    name: 'a stack through import of CommonJS',
    args: ['main.mjs'],
    files: { 'main.mjs': `import './a.cjs'`, 'a.cjs': `\n\nthrow new Error('here')` },
  },
  {
    name: 'an import of CommonJS, seen by who has patched Module._load, behind a hook',
    args: ['main.mjs'],
    files: {
      'main.mjs': fileOf('patched-load.mjs'),
      'a.cjs': `require('./b.cjs')`,
      'b.cjs': '',
    },
  },
  { name: 'a syntax error', files: { 'main.cjs': `require('./a.js')`, 'a.js': `let = = 1` } },
  {
    name: 'a syntax error in ESM',
    args: ['main.mjs'],
    files: { 'main.mjs': `import './a.mjs'`, 'a.mjs': `export let = = 1` },
  },
  {
    name: 'a missing module',
    files: { 'main.cjs': `require('./a.js')`, 'a.js': `require('./missing')` },
  },
  { name: 'a missing import', args: ['main.mjs'], files: { 'main.mjs': `import './missing.mjs'` } },
  {
    name: 'a missing export',
    args: ['main.mjs'],
    files: { 'main.mjs': `import { nothing } from './a.mjs'`, 'a.mjs': '' },
  },
  { name: 'a missing entry point', args: ['missing.cjs'], files: {} },
  {
    name: 'fifos that are written later',
    files: { 'main.cjs': fileOf('fifos.cjs') },
    logged: true,
  },
  {
    name: 'code that is loaded with the last fd',
    files: { 'main.cjs': fileOf('last-fd.cjs'), 'a.cjs': '', 'a.json': '{}', 'a.node': ADDON },
    logged: true,
  },
  {
    name: 'a hook that returns nothing',
    args: ['main.mjs'],
    files: { 'main.mjs': fileOf('hook-without-result.mjs'), 'a.mjs': '' },
    logged: true,
  },
  {
    name: 'a source that every object inherits',
    args: ['main.mjs'],
    files: {
      'main.mjs': fileOf('inherited-source.mjs'),
      'a.mjs': `console.log('its own')`,
    },
  },
  {
    name: 'arrays that nothing can iterate',
    files: {
      'main.cjs': fileOf('without-iterators.cjs'),
      'a.cjs': `console.log('ran')`,
    },
    logged: true,
  },
  {
    name: 'Workers that nobody can make',
    files: { 'main.cjs': fileOf('impossible-workers.cjs') },
    logged: true,
  },
  {
    name: 'a directory',
    args: ['.'],
    files: { 'index.js': `console.log(__filename, require.main === module)` },
  },
  { name: 'a JSON error', files: { 'main.cjs': `require('./a.json')`, 'a.json': `{` } },
  {
    name: 'a JSON import',
    args: ['main.mjs'],
    files: {
      'main.mjs': `import a from './a.json' with { type: 'json' }; console.log(a)`,
      'a.json': `{"a":1}`,
    },
  },
  {
    name: 'a JSON import without its attribute',
    args: ['main.mjs'],
    files: { 'main.mjs': `import a from './a.json'`, 'a.json': `{"a":1}` },
  },
  {
    name: 'a byte order mark',
    files: {
      'main.cjs': `\ufeffconsole.log(require('./a.json'), require('./b.js'))`,
      'a.json': `\ufeff{"a":1}`,
      'b.js': `\ufeffmodule.exports = new Error('x').stack.split('\\n')[1]`,
    },
  },
  {
    name: 'a byte order mark in ESM',
    args: ['main.mjs'],
    files: { 'main.mjs': `\ufeffconsole.log(new Error('x').stack.split('\\n')[1])` },
  },
  {
    name: 'a hash bang',
    files: { 'main.cjs': `#!/usr/bin/env node\nconsole.log(new Error('x').stack.split('\\n')[1])` },
  },
  {
    name: 'bytes that are no UTF-8',
    files: {
      'main.cjs': `console.log(escape(require('./a.js')))`,
      'a.js': Buffer.concat([
        Buffer.from(`module.exports = '`),
        Buffer.from([0xff, 0xe2, 0x82, 0x41, 0xf0, 0x9f, 0xc3, 0xa9]),
        Buffer.from(`'`),
      ]),
    },
  },
  {
    name: 'bytes that are no UTF-8 in ESM',
    args: ['main.mjs'],
    files: {
      'main.mjs': Buffer.concat([
        Buffer.from(`console.log(escape('`),
        Buffer.from([0xff, 0xe2, 0x82, 0x41, 0xf0, 0x9f, 0xc3, 0xa9]),
        Buffer.from(`'))`),
      ]),
    },
  },
  {
    name: 'import.meta',
    args: ['main.mjs'],
    files: {
      'main.mjs': `console.log(Object.entries(import.meta).map(String)); const m = await import('./a.mjs?x#y'); console.log(m.url)`,
      'a.mjs': `export const url = import.meta.url`,
    },
  },
  {
    name: 'the module cache',
    files: {
      'main.cjs': fileOf('module-cache.cjs'),
      'a.cjs': `console.log('once', module.parent.id)`,
      'b.mjs': `import './a.cjs'`,
    },
  },
  {
    name: 'a cycle',
    files: {
      'main.cjs': `exports.x = 1; console.log(require('./a.cjs'))`,
      'a.cjs': `exports.y = require('./main.cjs').x`,
    },
  },
  {
    name: 'named exports of CommonJS',
    args: ['main.mjs'],
    files: {
      'main.mjs': `import * as a from './a.cjs'; console.log(Object.keys(a))`,
      'a.cjs': `module.exports = { ...require('./b.cjs'), y: 2 }; exports.z = 1`,
      'b.cjs': `exports.x = 1`,
    },
  },
  {
    name: 'ambiguous syntax',
    args: ['main.js'],
    files: {
      'main.js': `import { readFileSync } from 'node:fs'; console.log(typeof readFileSync, import.meta.url)`,
    },
  },
  {
    name: 'require of ESM',
    files: {
      'main.cjs': `console.log(require('./a.mjs'))`,
      'a.mjs': `export const x = 1; export default 2`,
    },
  },
  {
    name: 'top-level await by require',
    files: { 'main.cjs': `require('./a.mjs')`, 'a.mjs': `await 1` },
  },
  {
    name: 'source maps',
    args: ['--enable-source-maps', 'main.cjs'],
    files: {
      'main.cjs': `throw new Error('mapped')\n//# sourceMappingURL=data:application/json;base64,${SOURCE_MAP}`,
    },
  },
  {
    name: 'TypeScript',
    args: ['main.ts'],
    files: {
      'main.ts': `const x: number = 1;\nconsole.log(x, new Error('x').stack!.split('\\n')[1])`,
    },
  },
  { name: 'an unhandled rejection', files: { 'main.cjs': `Promise.reject(new Error('here'))` } },
  {
    name: 'a Worker and a child',
    files: {
      'main.cjs': fileOf('worker-and-child.cjs'),
      'a.cjs': `require('fs').writeSync(1, process.execArgv.length + ' ' + process.env.NODE_OPTIONS + '\\n')`,
    },
  },
  {
    name: 'a Worker with an environment that inherits names',
    files: {
      'main.cjs': fileOf('inherited-environment.cjs'),
      'a.cjs': `console.log(process.env.OWN, process.env.INHERITED)`,
    },
    logged: true,
  },
  {
    name: 'a V8 that names no SharedArrayBuffer',
    args: ['--enable-sharedarraybuffer-per-context', 'main.cjs'],
    files: { 'main.cjs': `console.log(typeof SharedArrayBuffer)` },
    logged: true,
  },
  {
    name: 'hooks of the program',
    files: {
      'main.cjs': fileOf('hooks-of-the-program.cjs'),
      'a.cjs': '',
      'b.mjs': `import './a.cjs'`,
    },
  },
  ...[
    { name: 'module.register()', args: ['main.cjs'] },
    { name: '--experimental-loader', args: ['--experimental-loader=./loader.mjs', 'import.mjs'] },
  ].map((started) => ({ ...started, files: LOADER })),
  ...['_tls_common', '_tls_wrap', 'tls', 'https', 'http2'].map((builtin) => ({
    name: `${builtin}, asked for before what it needs`,
    args: ['main.cjs', builtin],
    files: { 'main.cjs': fileOf('secure-context.cjs') },
  })),
  {
    name: 'a data: URL of a type that is no module',
    args: ['main.mjs'],
    files: {
      'main.mjs': `await import('data:text/foo,x').catch((e) => console.log(e.code, e.message))`,
    },
  },
  {
    name: 'the names, lengths and properties of Node’s functions',
    files: { 'main.cjs': fileOf('functions.cjs') },
  },
  {
    name: '--experimental-loader behind --require',
    args: ['--no-warnings', '--require=./sets.cjs', '--experimental-loader=./sees.mjs', 'main.cjs'],
    files: {
      'sets.cjs': `if (require('worker_threads').isMainThread) process.env.SET = 'by --require'`,
      'sees.mjs': 'console.log(process.env.SET)',
      'main.cjs': '',
    },
    logged: true as const,
  },
  ...['main.js', 'main.mjs', 'main'].map((main) => ({
    name: `hooks on a thread of their own, and the module ${main}`,
    args: ['--no-warnings', '--experimental-loader=./loader.mjs', main],
    files: {
      'loader.mjs': fileOf('seen-by-loader.mjs'),
      [main]: `import { sep } from 'node:path'; console.log('ran', sep)`,
    },
    logged: true as const,
  })),
  {
    name: 'module.register(), and then a module without a type',
    args: ['--no-warnings', '--import=./register.mjs', 'main.js'],
    files: {
      'register.mjs': `import { register } from 'node:module'; register('./loader.mjs', import.meta.url)`,
      'loader.mjs': fileOf('seen-by-loader.mjs'),
      'main.js': `import { sep } from 'node:path'; console.log('ran', sep)`,
    },
    logged: true,
  },
  {
    name: 'what hooks give to hooks behind them',
    files: { 'main.cjs': fileOf('merged-contexts.cjs'), 'a.cjs': '', 'b.mjs': '' },
    logged: true,
  },
  {
    name: 'a warning of module.parent, which is the program’s own',
    args: ['--pending-deprecation', 'main.cjs'],
    files: {
      'main.cjs': `require('./a.cjs'); process.on('warning', ({ code }) => console.log(code))`,
      'a.cjs': '',
    },
    logged: true,
  },
  {
    name: 'node:child_process, first asked for with a nearly full stack',
    files: { 'main.cjs': fileOf('full-stack.cjs') },
    logged: true,
  },
  {
    name: 'warnings in Workers',
    files: {
      'main.cjs': fileOf('warning-workers.cjs'),
      'types.ts': `const one: number = 1; console.log(one)`,
      'json.mjs': `import data from './data.json' with { type: 'json' }; console.log(data)`,
      'data.json': `{"a":1}`,
      'requires-module.cjs': `console.log(require('./module.mjs').x)`,
      'module.mjs': `export const x = 1`,
      'deprecated.cjs': `require('node:punycode'); require('node:sqlite')`,
    },
    logged: true,
  },
  { name: 'process.dlopen of what is no path', files: { 'main.cjs': fileOf('dlopen.cjs') } },
  {
    name: 'a report of coverage, though the preload lies outside node_modules',
    args: [
      ...['--no-warnings', '--test', '--experimental-test-coverage'],
      ...['--test-reporter=./reporter.mjs', 'main.test.cjs'],
    ],
    files: {
      'reporter.mjs': fileOf('coverage-reporter.mjs'),
      'main.test.cjs': `require('node:test')('runs', () => require('./covered.cjs').first())`,
      'covered.cjs': 'exports.first = () => 1;\nexports.second = () => {\n  return 2;\n};\n',
    },
  },
  { name: '-p', args: ['-p', 'process.argv.length + __filename'], files: {} },
];

/** Of an error that Node's own loader throws, the hook's caller shows in the stack. */
const loaderFrames = /^ +at .*(node:internal|register\.cjs).*$\n/gm;

const host = new PolicyHost({});
const fixture = new Fixture();

afterAll(() => {
  host.close();
  rmSync(fixture.root, { recursive: true });
});

describe.for(EDGES)('with nothing enforced on Node %i', (major) => {
  test.concurrent.for(programs)(
    '$name is as without the preload',
    async ({ name, args = ['main.cjs'], files, logged = false }) => {
      const cwd = fixture.folder(
        `unenforced ${name}`,
        { name, kind: 'file', args, files: files as Record<string, string> },
        0o644,
      );
      const run = async (options: string[], env: Record<string, string> = {}): Promise<object> => {
        const { status, signal, stdout, stderr } = await host.run({
          file: nodeBinary(major),
          args: [...options, ...args],
          cwd,
          env,
        });
        return {
          status,
          signal,
          stdout: stdout.split('\n').sort(),
          stderr: stderr.replaceAll(/\(node:\d+\)/g, '(node)').replaceAll(loaderFrames, ''),
        };
      };
      const plain = await run([]);
      expect(await run(['--require', preload])).toEqual(plain);
      if (!logged) return;
      const env = { MAYEXEC_AUDIT_LOG: `${cwd}/log` };
      expect(await run(['--require', preload], env)).toEqual(plain);
    },
  );
});

/** Those that every Node has. */
const PUBLIC = builtinModules.filter((name) => !name.startsWith('_'));

// Node reads its exports then, and loads other modules for some of them.
test.concurrent.for(PUBLIC.map((name) => `node:${name.replace('node:', '')}`))(
  '%s is the first builtin that an ES module imports, under a policy',
  async (name) => {
    const major = MAJORS[PUBLIC.indexOf(name.slice(5)) % MAJORS.length] ?? 26;
    const files = { 'main.mjs': fileOf('first-import.mjs') };
    const way = { name: '', kind: 'file', args: [] as string[], files } as const;
    const { stdout, stderr } = await host.run({
      file: nodeBinary(major),
      args: ['--no-warnings', '--require', preload, 'main.mjs', name],
      cwd: fixture.folder(`first ${name.replace(/\W/g, '-')}`, way, 0o755),
      env: { MAYEXEC_ENFORCE: '1' },
    });
    expect(stdout, stderr).toBe('true\n');
  },
);

describe.for(EDGES)('with a policy enforced on Node %i', (major) => {
  test.concurrent('Node’s functions keep their names, lengths and properties', async () => {
    const cwd = fixture.folder(
      `enforced ${major}`,
      { name: '', kind: 'file', args: [], files: { 'main.cjs': fileOf('functions.cjs') } },
      0o755,
    );
    const run = (options: string[], env: Record<string, string>): Promise<Outcome> =>
      host.run({ file: nodeBinary(major), args: [...options, 'main.cjs'], cwd, env });
    const enforced = await run(['--require', preload], { MAYEXEC_ENFORCE: '1' });
    expect(enforced.status, enforced.stderr).toBe(0);
    expect(enforced.stdout).toBe((await run([], {})).stdout);
  });
});

describe.for(EDGES)('with a policy that begins later on Node %i', (major) => {
  test.concurrent('a class that an ES module has imported obeys it', async () => {
    const files = { 'main.mjs': fileOf('later.mjs'), 'module.mjs': '' };
    const way = { name: '', kind: 'file', args: [] as string[], files } as const;
    const { stdout, stderr } = await host.run({
      file: nodeBinary(major),
      args: ['--require', preload, 'main.mjs'],
      cwd: fixture.folder(`later ${major}`, way, 0o755),
      env: { PACKAGE: api },
    });
    expect(stdout, stderr).toBe('ExecDeniedError\n');
  });

  test.concurrent.for(['cjs', 'mjs'])(
    'a module that was being read is refused: %s',
    async (kind) => {
      const files = { 'main.cjs': fileOf('fifo.cjs'), 'writer.cjs': fileOf('writer.cjs') };
      const way = { name: '', kind: 'file', args: [] as string[], files } as const;
      const { stdout, stderr } = await host.run({
        file: nodeBinary(major),
        args: ['main.cjs', kind],
        cwd: fixture.folder(`fifo ${kind} ${major}`, way, 0o755),
        env: { PACKAGE: api },
      });
      expect(stdout + stderr).toBe('ExecDeniedError\n');
    },
  );

  test.concurrent('hooks on a thread of their own obey it', async () => {
    const files = {
      'main.cjs': fileOf('later-hooks.cjs'),
      'loader.mjs': fileOf('later-loader.mjs'),
      'module.mjs': '',
    };
    const way = { name: '', kind: 'file', args: [] as string[], files } as const;
    const { stdout } = await host.run({
      file: nodeBinary(major),
      args: ['--no-warnings', '--require', preload, 'main.cjs'],
      cwd: fixture.folder(`later hooks ${major}`, way, 0o755),
      env: { PACKAGE: api, ADDON: addon },
    });
    expect(stdout).toBe('status 126\n');
  });
});

test('a policy that begins later binds what an application has imported: Node 26', () => {
  const files = {
    'main.mjs': fileOf('later-application.mjs'),
    'module.cjs': '',
    'configuration.json': JSON.stringify({
      main: 'main.mjs',
      mainFormat: 'module',
      output: 'application',
      disableExperimentalSEAWarning: true,
    }),
  };
  const way = { name: '', kind: 'file', args: [] as string[], files } as const;
  const cwd = fixture.folder('later application', way, 0o755);
  execFileSync(nodeBinary(26), ['--build-sea', 'configuration.json'], { cwd, stdio: 'ignore' });
  const env = {
    PACKAGE: api,
    MODULE: join(cwd, 'module.cjs'),
    NODE: nodeBinary(26),
    NODE_OPTIONS: `--require=${preload}`,
  };
  const { stdout, stderr } = spawnSync(join(cwd, 'application'), { env, encoding: 'utf8' });
  expect(stdout, stderr).toBe('status 126\n');
});

/** How many files Node opened by itself, by its own trace of a program. */
async function opened(cwd: string, major: Major, env: Record<string, string>): Promise<number> {
  const trace = join(cwd, 'trace.json');
  const { status, stderr } = await host.run({
    file: nodeBinary(major),
    args: [
      '--trace-event-categories=node.fs.sync',
      `--trace-event-file-pattern=${trace}`,
      '--require',
      preload,
      'main.cjs',
    ],
    cwd,
    env,
  });
  expect(status, stderr).toBe(0);
  return readFileSync(trace, 'utf8')
    .split('"ph":"B"')
    .filter((event) => event.includes('.open"')).length;
}

/** Who reads a module: nothing is different where nobody wants to know of it. */
const READERS: readonly { when: string; env: Record<string, string>; who: 'Node' | 'mayexec' }[] = [
  { when: 'nobody hears of verdicts', env: {}, who: 'Node' },
  { when: 'a log records them', env: { MAYEXEC_AUDIT_LOG: '/dev/null' }, who: 'mayexec' },
  { when: 'the program subscribes', env: { SUBSCRIBES: '1' }, who: 'mayexec' },
  { when: 'a policy binds', env: { MAYEXEC_ENFORCE: '1' }, who: 'mayexec' },
];

describe.for(EDGES)('a module is read on Node %i', (major) => {
  test.for(READERS)('by $who, where $when', async ({ env, who }) => {
    const main = fileOf('loads.cjs');
    const modules = Object.fromEntries(Array.from({ length: 5 }, (_, i) => [`m${i}.cjs`, '']));
    const way = { name: '', kind: 'file', args: [] as string[] } as const;
    const one = fixture.folder(`one ${major}`, { ...way, files: { 'main.cjs': main } }, 0o755);
    const more = fixture.folder(
      `more ${major}`,
      { ...way, files: { 'main.cjs': main, ...modules } },
      0o755,
    );
    const count = (await opened(more, major, env)) - (await opened(one, major, env));
    expect(count).toBe(who === 'Node' ? 5 : 0);
  });
});
