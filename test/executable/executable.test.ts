import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  copyFileSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { command } from '../support/built.js';
import { behaviours, type Behaviour } from './behaviour.js';
import { BUILT, Executables, type Built } from './executables.js';
import { Fixture } from '../preload/fixture.js';
import { PolicyHost, type Command, type Outcome } from '../preload/policy-host.js';
import { nodeBinary } from '../preload/versions.js';

const executables = new Executables();
const open = new PolicyHost({});

beforeAll(async () => {
  for (const major of BUILT) await executables.build(major, []);
});

afterAll(() => {
  open.close();
  executables.remove();
});

function folderOf({ files = {} }: Behaviour): string {
  const folder = mkdtempSync(join(executables.folder, 'program-'));
  for (const [file, text] of Object.entries(files)) {
    const path = join(folder, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    chmodSync(path, 0o755);
  }
  return folder;
}

/** What both must agree on; stack traces name the one or the other. */
function essence({ status, stdout, stderr }: Outcome): unknown {
  const error = /^(?:Uncaught )?(\w*Error.*)$/m.exec(stderr)?.[1];
  return { status, stdout, error };
}

describe.for(BUILT)('the executable of Node %i does as node does', (major: Built) => {
  test.concurrent.for(behaviours)('$name', async (behaviour) => {
    const cwd = folderOf(behaviour);
    const { args, env = {}, input } = behaviour;
    const run = (file: string): Promise<Outcome> =>
      open.run({ file, args, cwd, env: { NODE_REPL_HISTORY: '', ...env }, input });
    const [own, plain] = await Promise.all([run(executables.path(major)), run(nodeBinary(major))]);
    expect(essence(own), own.stderr).toEqual(essence(plain));
  });
});

const restricted = new PolicyHost({ restrictFile: true, denyInteractive: true });
const library = new Fixture();
/** A folder with an approved program and what was dropped beside it. */
const dropped = library.folder('executable', { name: '', kind: 'file', args: [] }, 0o644);
const approve = (file: string, text: string): void => {
  writeFileSync(join(dropped, file), text);
  chmodSync(join(dropped, file), 0o755);
};
approve('approved.cjs', `require('crypto').createHash('md5'); console.log('approved')`);
writeFileSync(
  join(dropped, 'openssl.cnf'),
  `nodejs_conf = a\n[a]\nengines = b\n[b]\nx = c\n[c]\ndynamic_path = ${join(dropped, 'dropped.so')}\ninit = 0\n`,
);
writeFileSync(join(dropped, 'node.config.json'), '{"nodeOptions":{"require":["./dropped.cjs"]}}');

afterAll(() => {
  restricted.close();
  rmSync(library.root, { recursive: true });
});

const approved = { status: 0, stdout: 'approved\n', stderr: '' };

/** What brings code into Node before any script; each does in a plain Node. */
const before: Record<string, string> = {
  NODE_OPTIONS: '--require ./dropped.cjs',
  OPENSSL_CONF: join(dropped, 'openssl.cnf'),
  LD_PRELOAD: join(dropped, 'dropped.so'),
};

describe.for(BUILT)('before the main script of Node %i', (major) => {
  const run = (host: PolicyHost, more: Partial<Command> = {}): Promise<Outcome> =>
    host.run({ file: executables.path(major), args: ['approved.cjs'], cwd: dropped, ...more });
  test.concurrent.for(Object.keys(before))('%s brings code into a plain Node', async (name) => {
    const env = { [name]: before[name] ?? '' };
    expect((await run(open, { file: nodeBinary(major), env })).stdout).toContain('RAN');
  });

  test.concurrent.for(['NODE_OPTIONS', 'OPENSSL_CONF'])('%s is not looked at', async (name) => {
    const env = { [name]: before[name] ?? '' };
    expect(await run(restricted, { env })).toMatchObject(approved);
  });

  test.concurrent('an option that it does not take ends it before the script', async () => {
    const outcome = await run(open, { args: ['--inspect=0', 'approved.cjs'] });
    expect(outcome).toMatchObject({ status: 9, stdout: '' });
    expect(outcome.stderr).toMatch(/^mayexec: bad option: --inspect\. It lets a debugger[^\n]*\n$/);
  });

  test.concurrent('--help says what it takes, and runs nothing', async () => {
    const outcome = await run(open, { args: ['--help', 'approved.cjs'] });
    expect(outcome).toMatchObject({ status: 0, stderr: '' });
    expect(outcome.stdout).toMatch(/--eval[^]*--watch/);
    expect(outcome.stdout).not.toContain('approved');
  });

  test.concurrent('argv[0] is no option', async () => {
    const script = `exec -a --require=./dropped.cjs "$0" approved.cjs`;
    const args = ['-c', script, executables.path(major)];
    expect(await run(restricted, { file: '/bin/bash', args })).toMatchObject(approved);
  });

  test.concurrent('a compile cache is refused where files are restricted', async () => {
    const env = { NODE_COMPILE_CACHE: join(dropped, `cache-${major}`) };
    const outcome = await run(restricted, { env });
    expect(outcome).toMatchObject({ status: 126, stdout: '' });
    expect(outcome.stderr).toMatch(/^mayexec: [^\n]*compile cache[^\n]*\n$/);
    // Nor is the main script's own bytecode ever there.
    await run(open, { env });
    expect(await run(open, { env })).toMatchObject(approved);
  });

  test.concurrent('SIGUSR1 opens no inspector', async () => {
    approve(
      'signal.cjs',
      `process.kill(process.pid, 'SIGUSR1'); setTimeout(() => console.log('approved'), 300)`,
    );
    const outcome = await run(open, { args: ['signal.cjs'] });
    expect(outcome).toMatchObject(approved);
    const plain = await run(open, { file: nodeBinary(major), args: ['signal.cjs'] });
    // Another process may have the port.
    expect(plain.stderr).toMatch(/Debugger listening|Starting inspector/);
  });

  test.concurrent('without its addon, or with another, it does not start', async () => {
    const folder = mkdtempSync(join(executables.folder, 'moved-'));
    const file = join(folder, 'node');
    linkSync(executables.path(major), file);
    const missing = await run(open, { file });
    expect(missing).toMatchObject({ status: 126, stdout: '' });
    expect(missing.stderr).toMatch(/^mayexec: the addon of this executable[^\n]*ENOENT[^\n]*\n$/);

    for (const name of readdirSync(executables.folder)) {
      if (name.endsWith('.node')) copyFileSync(join(dropped, 'dropped.so'), join(folder, name));
    }
    const other = await run(open, { file });
    expect(other).toMatchObject({ status: 126, stdout: '' });
    expect(other.stderr).toMatch(/is not the file that this executable was built with/);
  });

  // No fd means none that another thread could exchange.
  test.concurrent('a Worker opens no file for the addon', async () => {
    const folder = mkdtempSync(join(executables.folder, 'without-'));
    const file = join(folder, 'node');
    linkSync(executables.path(major), file);
    for (const name of readdirSync(executables.folder)) {
      if (name.endsWith('.node')) copyFileSync(join(executables.folder, name), join(folder, name));
    }
    copyFileSync(
      new URL('programs/workers-without-the-addon.cjs', import.meta.url),
      join(folder, 'main.cjs'),
    );
    const outcome = await run(open, { file, args: ['main.cjs'], cwd: folder });
    expect(outcome).toMatchObject({ status: 0, stdout: 'a Worker of a Worker\n', stderr: '' });
  });
});

/** AT_SECURE: the setgid bit gives a group that may do nothing, and with it the loader's and Node's caution. */
describe.for(BUILT)('setgid to a powerless group, as an ordinary user, Node %i', (major) => {
  const NOBODY = 65534;
  const GROUP = 54321;
  const setgid = executables.path(major, 'setgid');
  const cache = join(dropped, `empty-${major}`);

  beforeAll(() => {
    copyFileSync(executables.path(major), setgid);
    chownSync(setgid, 0, GROUP);
    chmodSync(setgid, 0o2755);
    for (const folder of [library.root, dropped, executables.folder]) chmodSync(folder, 0o755);
    for (const folder of [cache, `${cache}-new`]) {
      mkdirSync(folder);
      chownSync(folder, NOBODY, NOBODY);
    }
  });

  const run = (env: Record<string, string>, more: Partial<Command> = {}): Promise<Outcome> =>
    restricted.run({
      file: setgid,
      args: ['approved.cjs'],
      cwd: dropped,
      env,
      uid: NOBODY,
      gid: NOBODY,
      ...more,
    });

  test.concurrent('the group is there', async () => {
    approve('group.cjs', `console.log(process.getuid(), process.getgid(), process.getegid())`);
    const outcome = await run({}, { args: ['group.cjs'] });
    expect(outcome.stdout, outcome.stderr).toBe(`${NOBODY} ${NOBODY} ${GROUP}\n`);
  });

  test.concurrent.for(Object.entries(before))('%s does nothing', async ([name, value]) => {
    expect(await run({ [name]: value })).toMatchObject(approved);
  });

  test.concurrent('NODE_COMPILE_CACHE does nothing', async () => {
    expect(await run({ NODE_COMPILE_CACHE: cache })).toMatchObject(approved);
    expect(readdirSync(cache)).toEqual([]);
  });

  test.concurrent('NODE_PATH does nothing', async () => {
    mkdirSync(join(dropped, 'path'), { recursive: true });
    writeFileSync(join(dropped, 'path', 'only-there.js'), '');
    const args = ['by-name.cjs'];
    approve('by-name.cjs', `try { require('only-there') } catch (e) { console.log(e.code) }`);
    expect((await run({ NODE_PATH: join(dropped, 'path') }, { args })).stdout).toBe(
      'MODULE_NOT_FOUND\n',
    );
  });

  test.concurrent('under no_new_privs it is as without the bit', async () => {
    const args = ['--no-new-privs', setgid, 'approved.cjs'];
    const env = { NODE_COMPILE_CACHE: `${cache}-new` };
    const outcome = await run(env, { file: '/usr/bin/setpriv', args });
    expect(outcome.status).toBe(126);
    expect(outcome.stderr).toContain('compile cache');
  });
});

describe.for(BUILT)('programs of its own, Node %i', (major) => {
  const run = (host: PolicyHost, args: string[], more: Partial<Command> = {}): Promise<Outcome> =>
    host.run({ file: executables.path(major), args, cwd: dropped, ...more });

  test.concurrent('--test runs approved files, each by itself, and no others', async () => {
    approve('approved.test.cjs', `require('node:test').test('one', () => {})`);
    approve('failing.test.cjs', `require('node:test').test('two', () => { throw new Error('x') })`);
    const reporter = '--test-reporter=tap';
    const passing = await run(restricted, ['--test', reporter, 'approved.test.cjs']);
    expect(passing, passing.stderr).toMatchObject({ status: 0 });
    expect(passing.stdout).toContain('# pass 1');
    const failing = await run(restricted, ['--test', reporter, '{failing,dropped}.test.cjs']);
    expect(failing, failing.stderr).toMatchObject({ status: 1 });
    expect(failing.stdout).toContain('# fail 2');
    expect(failing.stdout).not.toContain('RAN');
  });

  test('--watch runs the program again when a file of it changes', async () => {
    approve('watched.cjs', `require('./part.cjs'); console.log('once more')`);
    approve('part.cjs', '');
    const child = spawn(executables.path(major), ['--watch', 'watched.cjs'], { cwd: dropped });
    const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
    const seen: string[] = [];
    const until = async (line: string): Promise<void> => {
      for (;;) {
        const { value } = (await lines.next()) as { value: string };
        seen.push(value);
        if (value === line) return;
      }
    };
    try {
      await until("Completed running 'watched.cjs'");
      approve('part.cjs', '1');
      await until("Restarting 'watched.cjs'");
      await until("Completed running 'watched.cjs'");
      expect(seen.filter((line) => line === 'once more')).toHaveLength(2);
    } finally {
      child.kill('SIGTERM');
      await once(child, 'exit');
    }
  });

  test.concurrent('--watch runs no file that is refused', async () => {
    const args = ['-k', '1', '3', executables.path(major), '--watch', 'dropped.cjs'];
    const outcome = await run(restricted, args, { file: '/usr/bin/timeout' });
    expect(outcome.stdout).toBe("Failed running 'dropped.cjs'\n");
  });
});

describe.for(BUILT)('with a code image, Node %i', (major) => {
  test.concurrent('it takes code from that image, whatever the environment names', async () => {
    const app = join(executables.folder, `app-${major}`);
    mkdirSync(app);
    writeFileSync(join(app, 'app.cjs'), `require('./part.cjs'); import('./part.mjs');`);
    writeFileSync(join(app, 'part.cjs'), `console.log('script');`);
    writeFileSync(join(app, 'part.mjs'), `console.log('module');`);
    const image = `${app}.image`;
    const { status } = spawnSync(nodeBinary(major), [command, 'image', app, '--out', image]);
    expect(status).toBe(0);
    await executables.build(major, ['--image', image], 'imaged');
    const run = (): Promise<Outcome> =>
      restricted.run({
        file: executables.path(major, 'imaged'),
        args: ['app.cjs'],
        cwd: app,
        env: { MAYEXEC_IMAGE: '/nonexistent' },
      });
    expect(await run()).toMatchObject({ status: 0, stdout: 'script\nmodule\n', stderr: '' });
    chmodSync(image, 0o444);
    const refused = await run();
    expect(refused).toMatchObject({ status: 126, stdout: '' });
    expect(refused.stderr).toContain(image);
  });
});

describe.for(BUILT)('with approved bytecode, Node %i', (major) => {
  test.concurrent('it uses that file, whatever the environment names', async () => {
    const app = join(executables.folder, `bytecode-${major}`);
    mkdirSync(app);
    writeFileSync(join(app, 'app.cjs'), `require('./part.cjs');`, { mode: 0o755 });
    writeFileSync(join(app, 'part.cjs'), `console.log('part');`, { mode: 0o755 });
    const bytecode = `${app}.bytecode`;
    const words = [command, 'image', app, '--no-sources', '--out', bytecode];
    expect(spawnSync(nodeBinary(major), words).status).toBe(0);
    await executables.build(major, ['--bytecode', bytecode], 'faster');
    const run = (): Promise<Outcome> =>
      restricted.run({
        file: executables.path(major, 'faster'),
        args: ['app.cjs'],
        cwd: app,
        env: { MAYEXEC_BYTECODE: '/nonexistent' },
      });
    expect(await run()).toMatchObject({ status: 0, stdout: 'part\n', stderr: '' });
    chmodSync(bytecode, 0o444);
    const refused = await run();
    expect(refused).toMatchObject({ status: 126, stdout: '' });
    expect(refused.stderr).toContain(bytecode);
  });
});

describe('mayexec build-node', () => {
  const build = (args: string[]): Promise<Outcome> =>
    open.run({ file: process.execPath, args: [command, 'build-node', ...args], cwd: dropped });

  test.concurrent('says what it wrote, and leaves nothing else', async () => {
    const out = join(dropped, 'built');
    writeFileSync(out, 'old');
    const outcome = await build([
      '--out',
      'built',
      '--node',
      nodeBinary(26),
      '--enforce',
      '--strict',
      '--node-option=--max-old-space-size=64',
    ]);
    expect(outcome, outcome.stderr).toMatchObject({ status: 0, stderr: '' });
    const written = readdirSync(dropped).filter((name) => name.startsWith('built'));
    expect(written).toHaveLength(2);
    expect(outcome.stdout).toMatch(
      /^Wrote .*\/built \(Node v26\.[\d.]+\) and .*, which must stay beside it\.\n$/,
    );
    for (const name of written) expect(statSync(join(dropped, name)).mode & 0o7777).toBe(0o755);

    // --enforce and --strict are in it for good, whatever the environment says.
    const run = (args: string[], MAYEXEC_STRICT = '0'): Promise<Outcome> => {
      const env = { MAYEXEC_ENFORCE: '0', MAYEXEC_STRICT };
      return open.run({ file: out, args, cwd: dropped, env });
    };
    expect(await run(['dropped.cjs'])).toMatchObject({ status: 126, stdout: '' });
    expect(await run(['-e', '1'])).toMatchObject({ status: 126, stdout: '' });
    approve(
      'strict.cjs',
      `
      const tell = (f) => { try { f(); console.log('RAN') } catch (e) { console.log(e.name) } };
      tell(() => eval('1')); tell(() => require('vm').runInThisContext('1'));
      console.log(require('v8').getHeapStatistics().heap_size_limit < 2 ** 28)`,
    );
    for (const strictness of ['0', 'audit']) {
      const { stdout } = await run(['strict.cjs'], strictness);
      expect(stdout).toBe('ExecDeniedError\nExecDeniedError\ntrue\n');
    }
    approve(
      'worker.cjs',
      `new (require('worker_threads').Worker)(__dirname + '/strict.cjs', { execArgv: [], env: {} })`,
    );
    expect((await run(['worker.cjs'])).stdout).toMatch(/^ExecDeniedError\nExecDeniedError\n/);
  });

  test.concurrent.for([
    [['--node', nodeBinary(22)], /is v22\.[^\n]* needs Node 24 or newer\. Name one with --node/],
    [['--node', '/nonexistent/node'], /'\/nonexistent\/node' is not a working Node/],
    [['--node', '/bin/false'], /'\/bin\/false' is not a working Node/],
    [['--node-option=--require=x'], /load a file before the check/],
    [['--node-option=x'], /option of Node in one word/],
    [['--node-option=--nothing'], /--nothing is refused\. Its effect is unknown/],
    [['--node-option=--experimental-shadow-realm'], /unchecked loaders/],
    [['--node-option=--experimental-vfs'], /kernel cannot check/],
    [['--node-option=--expose-internals'], /internals of Node that the checks use/],
    [
      ['--strict', '--node-option=--experimental-test-module-mocks'],
      /replace the source of modules/,
    ],
    [
      ['--node', nodeBinary(24), '--node-option=--bench-samples=1'],
      /does not start with these options: .*--bench-samples/,
    ],
    [['--allow=nothing'], /The gates are/],
  ] as const)('refuses %j, and writes nothing', async ([args, says]) => {
    const outcome = await build(['--out', './refused', ...args]);
    expect(outcome).toMatchObject({ status: 2, stdout: '' });
    expect(outcome.stderr).toMatch(says);
    expect(readdirSync(dropped).filter((name) => name.startsWith('refused'))).toEqual([]);
  });
});
