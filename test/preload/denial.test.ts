import { chmodSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterAll, describe, expect, test } from 'vitest';

import { WITHOUT_EVAL } from '../../src/preload/inherit/preload-option.js';
import { preload } from '../support/built.js';
import { programsIn } from '../support/programs.js';
import { Fixture } from './fixture.js';
import { PolicyHost, type Outcome } from './policy-host.js';
import { MAJORS, nodeBinary } from './versions.js';

const host = new PolicyHost({ restrictFile: true, denyInteractive: true });
const fixture = new Fixture();

afterAll(() => {
  host.close();
  rmSync(fixture.root, { recursive: true });
});

const program = programsIn(new URL('ways/denial/', import.meta.url));
const root = fileURLToPath(new URL('../../', import.meta.url));

describe.for(MAJORS)('a denial on Node %i', (major) => {
  const folder = fixture.folder(`denial ${major}`, { name: '', kind: 'file', args: [] }, 0o644);
  const approve = (file: string, text: string): void => {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
    chmodSync(join(folder, file), 0o755);
  };
  const start = (...args: string[]): Promise<Outcome> =>
    host.run({
      file: nodeBinary(major),
      args,
      cwd: folder,
      env: { NODE_OPTIONS: `--require ${preload}` },
    });
  const run = async (...args: string[]): Promise<string> => {
    const outcome = await start(...args);
    expect(outcome.status, JSON.stringify(outcome, null, 1)).toBe(0);
    return outcome.stdout;
  };

  test('by require names the file, the cause, the advice and who asked', async () => {
    approve('outer.cjs', `require('./inner.cjs')`);
    approve('inner.cjs', `require('./dropped.cjs')`);
    approve('main.cjs', program('caught.cjs'));
    const dropped = join(folder, 'dropped.cjs');
    expect(await run('main.cjs')).toBe(
      `ExecDeniedError EACCES execveat ${dropped} mode\n` +
        `EACCES: permission denied, execveat '${dropped}': the file has no execute permission for this user (mode 0644), and SECBIT_EXEC_RESTRICT_FILE is set. If it is trusted code, run chmod +x '${dropped}', or for the whole tree mayexec scan '${folder}' and mayexec seal '${folder}'\n` +
        `Require stack:\n- ${join(folder, 'inner.cjs')}\n- ${join(folder, 'outer.cjs')}\n- ${join(folder, 'main.cjs')}\n`,
    );
  });

  test('has its cause where the program has replaced the iterators', async () => {
    approve('main.cjs', program('without-iterators.cjs'));
    expect(await run('main.cjs')).toMatch(/^EACCES EACCES: .* \(mode 0644\), and SECBIT_/);
  });

  test('a text that a hook only inherits takes the place of no file, as in Node', async () => {
    approve('main.mjs', program('inherited-text.mjs'));
    approve('approved.mjs', `console.log('approved')`);
    expect(await run('main.mjs')).toBe('approved\n');
  });

  test.for<[string, string]>([
    ['is refused itself', `new Worker(dropped)`],
    ['requires it', `new Worker(file('requires.cjs'))`],
    ['starts a Worker that is refused', `new Worker(file('starts.cjs'))`],
    ['is of a module that imports it', `new Worker(file('imports.mjs'))`],
    ['runs a string', `new Worker('', { eval: true })`],
  ])(
    'in a Worker without a listener ends the program so too: a Worker that %s',
    async ([, starts]) => {
      approve('requires.cjs', `require('./dropped.cjs')`);
      approve('imports.mjs', `import './dropped.mjs'`);
      const worker = `const { Worker } = require('worker_threads'); const dropped = __dirname + '/dropped.cjs'; const file = (name) => __dirname + '/' + name;`;
      approve('starts.cjs', `${worker} new Worker(dropped)`);
      approve('main.cjs', `${worker} ${starts}`);
      const { status, stdout, stderr } = await start('main.cjs');
      expect(stderr).toMatch(/^mayexec: EACCES: permission denied, [^\n]*\n$/);
      expect({ status, stdout }).toEqual({ status: 126, stdout: '' });
    },
  );

  test('in a Worker with a listener is an error of the Worker, as ever', async () => {
    approve(
      'main.cjs',
      `const { Worker } = require('worker_threads');
       new Worker(__dirname + '/dropped.cjs').on('error', ({ code }) => console.log(code))`,
    );
    expect(await start('main.cjs')).toMatchObject({ status: 0, stdout: 'EACCES\n', stderr: '' });
  });

  test('an error of the program in a Worker is shown by Node, as ever', async () => {
    approve('throws.cjs', `throw Object.assign(new Error('own'), { verdict: { allowed: false } })`);
    approve('main.cjs', `new (require('worker_threads').Worker)(__dirname + '/throws.cjs')`);
    const { status, stderr } = await start('main.cjs');
    expect(stderr).toContain('Error: own');
    expect(status).toBe(1);
  });

  test.for(['uncaught.cjs', 'uncaught.mjs', 'uncaught-later.cjs'])(
    'that nobody catches ends the program with one line and status 126: %s',
    async (name) => {
      approve('uncaught.cjs', `require('./dropped.cjs')`);
      approve('uncaught.mjs', `import './allowed.mjs'; import './dropped.mjs'`);
      approve('allowed.mjs', '');
      approve('uncaught-later.cjs', `setTimeout(() => import('./dropped.mjs'))`);
      const { status, stdout, stderr } = await start(name);
      expect({ status, stdout }).toEqual({ status: 126, stdout: '' });
      expect(stderr).toMatch(/^mayexec: EACCES: permission denied, execveat '[^\n]*chmod[^\n]*\n$/);
    },
  );

  test.for([
    ['require', 'after-install.cjs', `require('dep')`],
    ['import', 'after-install.mjs', `import 'dep'`],
  ] as const)(
    'by %s after npm install is one line that names the commands for the whole tree',
    async ([, name, text]) => {
      for (const file of ['index.js', 'lib/part.js']) {
        approve(`node_modules/dep/${file}`, '');
        chmodSync(join(folder, `node_modules/dep/${file}`), 0o644);
      }
      approve(name, text);
      const { status, stderr } = await start(name);
      expect(status).toBe(126);
      expect(stderr).toMatch(/^mayexec: [^\n]*\n$/);
      expect(stderr).toContain(
        `or for the whole tree mayexec scan '${folder}' and mayexec seal '${folder}'. Asked for by '${join(folder, name)}'`,
      );
      expect(stderr).not.toContain('Require stack');
    },
  );

  test('of data is one line that ends with who asked', async () => {
    approve('asks-for-data.cjs', `require('./data.json')`);
    writeFileSync(join(folder, 'data.json'), '{}');
    const { status, stderr } = await host.run({
      file: nodeBinary(major),
      args: ['asks-for-data.cjs'],
      cwd: folder,
      env: { NODE_OPTIONS: `--require ${preload} ${WITHOUT_EVAL}`, MAYEXEC_STRICT: '1' },
    });
    expect(status).toBe(126);
    expect(stderr).toMatch(
      /'\. --strict refuses data as well\. To allow all data, open the gate 'data': add --allow=data to mayexec run --strict\. Asked for by '[^']*asks-for-data\.cjs'\n$/,
    );
  });

  test('that the program catches prints nothing', async () => {
    approve(
      'catches.cjs',
      `process.on('uncaughtException', (e) => console.log(e.code)); require('./dropped.cjs')`,
    );
    expect(await run('catches.cjs')).toBe('EACCES\n');
  });

  test.for(['frozen', 'without a stack to look at', 'with a handler of its own'])(
    'by import stays one where Error is %s, and what is allowed goes on',
    async (how) => {
      approve('allowed.mjs', `console.log('allowed')`);
      approve('closed.cjs', program('closed.cjs'));
      expect(await run('closed.cjs', how)).toBe('allowed\nExecDeniedError EACCES true\n');
    },
  );

  test('by import names who asked, and is an error of the public class', async () => {
    approve('between.mjs', `import './dropped.mjs'`);
    approve('main.mjs', program('caught.mjs'));
    // A program that imports the package needs approved code of it.
    for (const file of ['index.js', 'names.cjs', 'index.cjs', 'api.cjs']) {
      approve(`package/dist/${file}`, readFileSync(join(root, 'dist', file), 'utf8'));
    }
    approve('package/package.json', '{ "type": "module" }');
    symlinkSync(join(root, 'build'), join(folder, 'package/build'));
    expect(await run('main.mjs')).toBe(
      `true EACCES\nRequire stack:\n- ${join(folder, 'between.mjs')}\n- ${join(folder, 'main.mjs')}\n`,
    );
  });

  test('is not remembered: what is approved later runs', async () => {
    approve('later.cjs', program('later.cjs'));
    expect(await run('later.cjs')).toBe('EACCES\nRAN\n');
  });

  test('compile cache and module.register say that they are off', async () => {
    approve('off.cjs', program('off.cjs'));
    expect(await run('off.cjs')).toBe('true undefined\nExecDeniedError EACCES\n');
  });

  test('the file that was checked is the one that runs, while its name is swapped', async () => {
    approve('approved.cjs', `module.exports = 'approved'`);
    approve('swap.cjs', program('swap.cjs'));
    expect(await run('swap.cjs')).toBe('true true\n');
  });
});
