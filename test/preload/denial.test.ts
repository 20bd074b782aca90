import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, describe, expect, test } from 'vitest';

import { Fixture } from './fixture.js';
import { PolicyHost, type Outcome } from './policy-host.js';
import { MAJORS, nodeBinary, preload } from './versions.js';

const host = new PolicyHost({ restrictFile: true, denyInteractive: true });
const fixture = new Fixture();

afterAll(() => {
  host.close();
  rmSync(fixture.root, { recursive: true });
});

const INDEX = new URL('../../dist/index.js', import.meta.url).href;

describe.for(MAJORS)('a denial on Node %i', (major) => {
  const folder = fixture.folder(`denial ${major}`, { name: '', kind: 'file', args: [] }, 0o644);
  const approve = (file: string, text: string): void => {
    writeFileSync(join(folder, file), text);
    chmodSync(join(folder, file), 0o755);
  };
  const start = (program: string): Promise<Outcome> =>
    host.run({
      file: nodeBinary(major),
      args: [program],
      cwd: folder,
      env: { NODE_OPTIONS: `--require ${preload}` },
    });
  const run = async (program: string): Promise<string> => {
    const outcome = await start(program);
    expect(outcome.status, JSON.stringify(outcome, null, 1)).toBe(0);
    return outcome.stdout;
  };

  test('by require names the file, the cause, the advice and who asked', async () => {
    approve('outer.cjs', `require('./inner.cjs')`);
    approve('inner.cjs', `require('./dropped.cjs')`);
    approve(
      'main.cjs',
      `try { require('./outer.cjs') } catch (e) { console.log(e.name, e.code, e.syscall, e.path, e.verdict.reason); console.log(e.message) }`,
    );
    const dropped = join(folder, 'dropped.cjs');
    expect(await run('main.cjs')).toBe(
      `ExecDeniedError EACCES execveat ${dropped} mode\n` +
        `EACCES: permission denied, execveat '${dropped}': the file has no execute permission for this user (mode 0644), and SECBIT_EXEC_RESTRICT_FILE is set. If it is trusted code, run chmod +x '${dropped}', or mayexec seal on the folder of its package\n` +
        `Require stack:\n- ${join(folder, 'inner.cjs')}\n- ${join(folder, 'outer.cjs')}\n- ${join(folder, 'main.cjs')}\n`,
    );
  });

  test.for(['uncaught.cjs', 'uncaught.mjs', 'uncaught-later.cjs'])(
    'that nobody catches ends the program with one line and status 126: %s',
    async (program) => {
      approve('uncaught.cjs', `require('./dropped.cjs')`);
      approve('uncaught.mjs', `import './allowed.mjs'; import './dropped.mjs'`);
      approve('allowed.mjs', '');
      approve('uncaught-later.cjs', `setTimeout(() => import('./dropped.mjs'))`);
      const { status, stdout, stderr } = await start(program);
      expect({ status, stdout }).toEqual({ status: 126, stdout: '' });
      expect(stderr).toMatch(/^mayexec: EACCES: permission denied, execveat '[^\n]*chmod[^\n]*\n$/);
    },
  );

  test('that the program catches in its own way stays its own affair', async () => {
    approve(
      'catches.cjs',
      `process.on('uncaughtException', (e) => console.log(e.code)); require('./dropped.cjs')`,
    );
    expect(await run('catches.cjs')).toBe('EACCES\n');
  });

  test.for([
    ['frozen', 'Object.freeze(Error)'],
    [
      'without a stack to look at',
      `Object.defineProperty(Error, 'stackTraceLimit', { value: 0, writable: false })`,
    ],
    [
      'with a handler of its own',
      `Object.defineProperty(Error, 'prepareStackTrace', { get() {}, set() { throw new RangeError('no') } })`,
    ],
  ])('by import stays one where Error is %s, and what is allowed goes on', async ([, close]) => {
    approve('allowed.mjs', `console.log('allowed')`);
    approve(
      'closed.cjs',
      // Whoever listens to the verdicts wants to know who asked, for what is allowed, too.
      `require('node:diagnostics_channel').subscribe('mayexec:check', () => {});
       ${close};
       const before = Error.prepareStackTrace;
       import('./allowed.mjs').then(() => import('./dropped.mjs'))
         .catch((e) => console.log(e.name, e.code, Error.prepareStackTrace === before));`,
    );
    expect(await run('closed.cjs')).toBe('allowed\nExecDeniedError EACCES true\n');
  });

  test('by import names who asked, and is an error of the public class', async () => {
    approve('between.mjs', `import './dropped.mjs'`);
    approve(
      'main.mjs',
      `import { ExecDeniedError } from ${JSON.stringify(INDEX)}; try { await import('./between.mjs') } catch (e) { console.log(e instanceof ExecDeniedError, e.code); console.log(e.message.split('\\n').slice(1).join('\\n')) }`,
    );
    // The package itself has to be approved code for a program that imports it.
    const output = await run('main.mjs').catch((error: unknown) => error as Error);
    if (output instanceof Error) expect(output.message).toContain(INDEX.slice('file://'.length));
    else
      expect(output).toBe(
        `true EACCES\nRequire stack:\n- ${join(folder, 'between.mjs')}\n- ${join(folder, 'main.mjs')}\n`,
      );
  });

  test('is not remembered: what is approved later runs', async () => {
    approve(
      'later.cjs',
      `const fs = require('fs'); fs.writeFileSync('late.cjs', 'console.log("RAN")'); try { require('./late.cjs') } catch (e) { console.log(e.code) } fs.chmodSync('late.cjs', 0o755); require('./late.cjs')`,
    );
    expect(await run('later.cjs')).toBe('EACCES\nRAN\n');
  });

  test('compile cache and module.register say that they are off', async () => {
    approve(
      'off.cjs',
      `const m = require('module'); const r = m.enableCompileCache?.('cache'); console.log(r?.status === m.constants?.compileCacheStatus.DISABLED, m.getCompileCacheDir?.()); try { m.register('./dropped-loader.mjs', 'file://' + __filename) } catch (e) { console.log(e.name, e.code) }`,
    );
    expect(await run('off.cjs')).toBe('true undefined\nExecDeniedError EACCES\n');
  });

  test('the file that was checked is the one that runs, while its name is swapped', async () => {
    approve('approved.cjs', `module.exports = 'approved'`);
    approve(
      'swap.cjs',
      `
      const fs = require('fs'), { Worker, isMainThread, workerData } = require('worker_threads');
      if (!isMainThread) {
        for (;;) {
          for (const target of ['approved.cjs', 'dropped.cjs']) { fs.symlinkSync(target, 'new'); fs.renameSync('new', 'swapped.cjs'); }
          if (Atomics.load(workerData, 0)) break;
        }
      } else {
        const stop = new Int32Array(new SharedArrayBuffer(4));
        fs.symlinkSync('approved.cjs', 'swapped.cjs');
        new Worker(__filename, { workerData: stop }).on('online', () => {
          const count = { approved: 0, denied: 0 };
          const M = require('module');
          for (const end = Date.now() + 400; Date.now() < end;) {
            try { const m = new M('x'); M._extensions['.js'](m, __dirname + '/swapped.cjs'); if (m.exports === 'approved') count.approved++; }
            catch (e) { if (e.code === 'EACCES') count.denied++; }
          }
          Atomics.store(stop, 0, 1);
          console.log(count.approved > 0, count.denied > 0);
        });
      }`,
    );
    expect(await run('swap.cjs')).toBe('true true\n');
  });
});
