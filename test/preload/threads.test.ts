import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, describe, expect, test } from 'vitest';

import { addon, preload } from '../support/built.js';
import { Fixture } from './fixture.js';
import { PolicyHost } from './policy-host.js';
import { MAJORS, nodeBinary } from './versions.js';

const host = new PolicyHost({});
const fixture = new Fixture();
afterAll(() => {
  host.close();
  rmSync(fixture.root, { recursive: true });
});

// A check made on a thread that shares its fs_struct makes every pthread_create of
// the process fail meanwhile (native/exec_check.h).
const COUNT = `
  require('./data.json');
  const { readdirSync, readFileSync } = require('node:fs');
  console.log(readdirSync('/proc/self/task').filter((tid) =>
    readFileSync('/proc/self/task/' + tid + '/comm', 'utf8') === 'mayexec-check\\n').length);
`;

const programs: { name: string; args?: string[]; text: string; apart: boolean }[] = [
  { name: 'a program by itself', text: COUNT, apart: false },
  {
    name: 'a program that has only looked at node:worker_threads',
    text: `require('node:worker_threads'); ${COUNT}`,
    apart: false,
  },
  {
    name: 'a program with a Worker',
    text: `new (require('node:worker_threads').Worker)('', { eval: true }); ${COUNT}`,
    apart: true,
  },
  {
    name: 'a program with another addon',
    text: `process.dlopen({ exports: {} }, ${JSON.stringify(addon)}); ${COUNT}`,
    apart: true,
  },
  { name: 'a program with an inspector', text: `require('node:inspector'); ${COUNT}`, apart: true },
  {
    name: 'a program with loader hooks on a thread of their own',
    text: `require('node:module').register('data:text/javascript,'); ${COUNT}`,
    apart: true,
  },
  {
    name: 'a Node that was given an option which may start threads',
    args: ['--trace-event-categories=none'],
    text: COUNT,
    apart: true,
  },
];

describe.for(MAJORS)('on Node %i', (major) => {
  const run = async (text: string, args: readonly string[] = []): Promise<string> => {
    const cwd = fixture.folder(`threads ${major}`, { name: '', kind: 'file', args: [] }, 0o755);
    writeFileSync(join(cwd, 'main.cjs'), text);
    writeFileSync(join(cwd, 'data.json'), '{}');
    writeFileSync(join(cwd, 'quiet.cjs'), '', { mode: 0o755 });
    // By --import, for Node 22 has no --require together with module.register.
    const { stdout, stderr } = await host.run({
      file: nodeBinary(major),
      args: ['--import', preload, ...args, 'main.cjs'],
      cwd,
      // So that there are checks.
      env: { MAYEXEC_AUDIT_LOG: '/dev/null' },
    });
    return stdout + stderr.replace(/.*(DEP0205|--trace-deprecation).*\n/g, '');
  };

  test.for(programs)('$name: on a thread apart: $apart', async ({ args, text, apart }) => {
    expect(await run(text, args)).toBe(apart ? '1\n' : '0\n');
  });

  test.for(['its fd', 'both of its fds'])(
    'a Worker exchanges a file for another by %s, and the other one never runs',
    async (way) => {
      const program = new URL('ways/attempts/exchange-of-an-fd.cjs', import.meta.url);
      const name = `${way} ${major}`;
      const cwd = fixture.folder(name, { name: '', kind: 'file', args: [] }, 0o644);
      writeFileSync(join(cwd, 'main.cjs'), readFileSync(program), { mode: 0o755 });
      writeFileSync(join(cwd, 'approved.cjs'), '', { mode: 0o755 });
      writeFileSync(join(cwd, 'dropped.json'), "module.exports = 'dropped';");
      const start = {
        file: nodeBinary(major),
        args: ['--require', preload, 'main.cjs', way],
        cwd,
        env: { MAYEXEC_ENFORCE: '1' },
      };
      let outcome = await host.run(start);
      // In one of 160 runs the Worker closes a file that Node itself reads, and Node aborts.
      for (let aborts = 0; outcome.signal === 'SIGABRT' && aborts < 2; aborts++)
        outcome = await host.run(start);
      expect(outcome, JSON.stringify(outcome)).toMatchObject({
        stdout: 'each exchange was seen\n',
      });
    },
  );

  test('Workers start Workers while the program loads modules, and none fails', async () => {
    const out = await run(`
      const { Worker } = require('node:worker_threads');
      const nested = \`
        const { Worker, parentPort } = require('node:worker_threads');
        let left = 60, failed = 0;
        const next = () => {
          if (left-- === 0) return parentPort.postMessage(failed);
          try {
            new Worker('', { eval: true, execArgv: [], env: {} }).on('error', () => failed++).on('exit', next);
          } catch { failed++; next(); }
        };
        next();
      \`;
      new Worker(nested, { eval: true }).on('message', (failed) => {
        console.log('failed', failed);
        clearInterval(loading);
      });
      const loading = setInterval(() => {
        for (let i = 0; i < 200; i++) {
          delete require.cache[require.resolve('./quiet.cjs')];
          module.children.length = 0;
          require('./quiet.cjs');
        }
      });
    `);
    expect(out).toBe('failed 0\n');
  });
});
