/** Where --audit-log writes, which records --log has written, and who each record is from. */
import { spawn, spawnSync, type StdioOptions } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterAll, describe, expect, test } from 'vitest';

import { command, launcher, preload } from '../support/built.js';
import { EDGES, nodeBinary } from '../preload/versions.js';

const root = mkdtempSync(join(tmpdir(), 'mayexec-log-'));
cpSync(fileURLToPath(new URL('programs/log-targets', import.meta.url)), root, { recursive: true });
const file = join(root, 'log.jsonl');
afterAll(() => {
  rmSync(root, { recursive: true });
});

interface Line {
  pid: number;
  host: string;
  uid: number;
  program?: string;
  container?: string;
  package?: string;
  path?: string;
  variable?: string;
  sha256?: string;
  text?: string;
}
const parse = (text: string): Line[] =>
  text
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line.replaceAll(`${root}/`, '')) as Line);
/** Of files. The programs that it starts have records without a path. */
const pathsIn = (lines: readonly Line[]): string[] =>
  lines.flatMap(({ path }) => path ?? []).sort();

interface Ended {
  status: number | null;
  stdout: string;
  stderr: string;
}

/** With fd 3, that of a file which is empty at first; what it holds in the end is `three`. */
async function run(
  command: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Ended & { three: string }> {
  const three = join(root, 'three');
  const fd = openSync(three, 'w');
  const stdio: StdioOptions = ['ignore', 'pipe', 'pipe', fd];
  const [name = '', ...args] = command;
  const child = spawn(name, args, { cwd: root, stdio, env: { PATH: process.env['PATH'], ...env } });
  let stdout = '';
  let stderr = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const status = await new Promise<number | null>((resolve) => child.on('close', resolve));
  closeSync(fd);
  return { status, stdout, stderr, three: readFileSync(three, 'utf8') };
}

const LAUNCHERS = [
  ['mayexec-run', [launcher]],
  ['mayexec run', [process.execPath, command, 'run']],
] as const;

const ALL = ['captured.cjs', 'forked.cjs', 'main.cjs', 'required.cjs', 'worker.cjs'];
/** In the order in which they come. */
const SAID = ['"taken\\n"', 'over its channel'];
const saidIn = (text: string): string[] => text.split('\n').filter((line) => /^["o]/.test(line));

const PLACES: [target: string, where: 'stdout' | 'stderr' | 'three'][] = [
  ['stdout', 'stdout'],
  ['-', 'stdout'],
  ['/dev/stdout', 'stdout'],
  ['stderr', 'stderr'],
  ['/dev/stderr', 'stderr'],
  ['/proc/self/fd/2', 'stderr'],
  ['fd:3', 'three'],
  ['/dev/fd/3', 'three'],
];

describe.for(EDGES)('the log of a program on Node %i', (major) => {
  const node = nodeBinary(major);

  test.for(PLACES)(
    'MAYEXEC_AUDIT_LOG=%s is there without the launcher',
    async ([target, where]) => {
      const env = { NODE_OPTIONS: `--require=${preload}`, MAYEXEC_AUDIT_LOG: target };
      const ended = await run([node, 'main.cjs'], env);
      expect(pathsIn(parse(ended[where]))).toEqual(ALL);
      expect(saidIn(ended.stdout).sort()).toEqual([...SAID].sort());
    },
  );

  test('each record says where it is from: host, user, program, package', async () => {
    const folder = join(root, 'node_modules', '@scope', 'part');
    mkdirSync(join(folder, 'lib'), { recursive: true });
    const json = (where: string, value: object): void => {
      writeFileSync(join(where, 'package.json'), JSON.stringify(value));
    };
    json(root, { name: 'application', version: '1.0.0' });
    json(folder, { name: '@scope/part', version: '2.3.4-rc.1' });
    // It names no package, as in one that has two kinds of modules.
    json(join(folder, 'lib'), { type: 'commonjs' });
    writeFileSync(join(folder, 'lib', 'index.js'), '');
    writeFileSync(join(root, 'asks.cjs'), `new (require('worker_threads').Worker)('./asked.cjs')`);
    writeFileSync(join(root, 'asked.cjs'), `require('@scope/part/lib/index.js')`);
    const { three } = await run([launcher, '--audit', '--audit-log', 'fd:3', node, 'asks.cjs']);
    const lines = parse(three);
    const from = { host: hostname(), uid: process.getuid?.(), program: 'asks.cjs' };
    expect(lines).toMatchObject([
      { ...from, path: 'asks.cjs', package: 'application@1.0.0' },
      { ...from, path: 'asked.cjs', package: 'application@1.0.0' },
      { ...from, path: 'node_modules/@scope/part/lib/index.js', package: '@scope/part@2.3.4-rc.1' },
    ]);
    rmSync(join(root, 'package.json'));
  });

  test('a fifo in the place of a package.json stops no program', async () => {
    const folder = join(root, 'piped');
    mkdirSync(folder, { recursive: true });
    spawnSync('mkfifo', [join(folder, 'package.json')]);
    writeFileSync(join(folder, 'main.mjs'), '');
    const env = { NODE_OPTIONS: `--require=${preload}`, MAYEXEC_AUDIT_LOG: 'fd:3' };
    // Node itself would wait for it: the module is a .mjs, so it does not look.
    const { three } = await run([node, 'piped/main.mjs'], env);
    expect(parse(three)).toMatchObject([{ path: 'piped/main.mjs' }]);
  });

  test.for<[string, string[]]>([
    ['all', Array<string>(4).fill('changing.cjs')],
    ['first', Array<string>(2).fill('changing.cjs')],
    ['refusals', []],
  ])('--log %s', async ([records, expected]) => {
    for (const name of ['often.cjs', 'changing.cjs']) chmodSync(join(root, name), 0o755);
    writeFileSync(join(root, 'changing.cjs'), '// one\n');
    const { three } = await run([
      ...[launcher, '--audit-log', 'fd:3', '--log', records, node, 'often.cjs'],
    ]);
    expect(pathsIn(parse(three))).toEqual([
      ...expected,
      ...(records === 'refusals' ? [] : ['often.cjs']),
    ]);
  });

  test('--log refusals has each refusal, of children too', async () => {
    const { three } = await run([
      ...[launcher, '--audit', '--audit-log', 'fd:3', '--log', 'refusals', node, 'main.cjs'],
    ]);
    expect(pathsIn(parse(three))).toEqual(ALL);
  });
});

const node = nodeBinary(24);

describe.for(LAUNCHERS)('by %s', ([, command]) => {
  test.for(PLACES)('--audit-log %s is there, for all that it starts', async ([target, where]) => {
    const ended = await run([...command, '--audit', '--audit-log', target, node, 'main.cjs']);
    expect(ended.status).toBe(0);
    expect(pathsIn(parse(ended[where]))).toEqual(ALL);
    expect(saidIn(ended.stdout).sort()).toEqual([...SAID].sort());
  });

  test('--audit-log=fd:3 in one word is there too, and a command keeps its own words', async () => {
    const { three, stdout } = await run([
      ...[...command, '--audit', '--audit-log=fd:3', '--'],
      ...[node, '-p', 'process.argv.slice(1).join()', '--', '--audit-log', 'fd:3'],
    ]);
    expect(parse(three)).toMatchObject([{ program: '[eval]' }]);
    expect(stdout).toBe('--audit-log,fd:3\n');
  });

  test('a fifo has all of it, and its reader ends with the last process', async () => {
    const fifo = join(root, 'fifo');
    rmSync(fifo, { force: true });
    spawnSync('mkfifo', [fifo]);
    const reader = spawn('cat', [fifo], { stdio: ['ignore', 'pipe', 'inherit'] });
    let read = '';
    reader.stdout.setEncoding('utf8').on('data', (text: string) => (read += text));
    const ended = new Promise((resolve) => reader.on('close', resolve));
    // Until the reader has it open there is nobody to write to, which is said.
    for (;;) {
      const { status, stderr } = await run([
        ...[...command, '--audit', '--audit-log', './fifo', node, 'main.cjs'],
      ]);
      if (status === 0) break;
      expect(stderr).toContain('has no reader. Start what reads the fifo first');
    }
    await ended;
    expect(pathsIn(parse(read))).toEqual(ALL);
  });
});

describe('a target that is none', () => {
  test.for<[target: string, told: RegExp]>([
    ['sysog', /'sysog' is not stdout, stderr, fd:NUMBER, syslog or journal.* write \.\/sysog\n$/],
    ['Stderr', /'Stderr' is not stdout/],
    ['journald', /'journald' is not stdout/],
    ['fd3', /'fd3' is not stdout/],
    ['fd:three', /'fd:three' is not stdout/],
    ['fd:', /'fd:' is not stdout/],
    ['fd:3=', /'fd:3=' is not stdout/],
    ['fd:99999999999999999999', /is not stdout/],
    ['tcp://host:514', /'tcp:\/\/host:514' is not stdout/],
    ['file:///var/log/x.jsonl', /is not stdout/],
    ['', /'' is not stdout, .* and names no file\n$/],
    ['fd:9', /cannot be written: 'fd:9' is not open for writing/],
    ['fd:0', /cannot be written: 'fd:0' is not open for writing/],
    [
      'fd:3=1:1',
      /'fd:3=1:1' is (another file here than where it was handed on|not open for writing)/,
    ],
    ['./link', /link' is a symbolic link, which is not followed\. Name the file itself/],
    ['./absent/log', /cannot be written: ENOENT/],
  ])('%j starts nothing, makes no file and says what is wrong', async ([target, told]) => {
    rmSync(join(root, 'link'), { force: true });
    symlinkSync(file, join(root, 'link'));
    const before = readdirSync(root);
    for (const [, command] of LAUNCHERS) {
      const { status, stdout, stderr } = await run([
        ...[...command, '--audit', '--audit-log', target, node, 'main.cjs'],
      ]);
      expect(stderr).toMatch(told);
      expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    }
    // The preload alone says so and lets the program run. An empty variable is none.
    if (target !== '') {
      const env = { NODE_OPTIONS: `--require=${preload}`, MAYEXEC_AUDIT_LOG: target };
      const { status, stderr } = await run([node, 'required.cjs'], env);
      expect(status).toBe(0);
      expect(stderr).toMatch(/^mayexec: no audit log is written: .*\n$/);
    }
    expect(new Set([...before, 'three'])).toEqual(new Set(readdirSync(root)));
    expect(existsSync(file)).toBe(false);
  });

  test.for([
    ['log.jsonl', 'log.jsonl'],
    ['./log', 'log'],
    ['./a:b', 'a:b'],
  ] as const)('%s is the name of a file', async ([target, name]) => {
    const { status } = await run([
      ...[launcher, '--audit', '--audit-log', target, node, 'required.cjs'],
    ]);
    expect(status).toBe(0);
    expect(parse(readFileSync(join(root, name), 'utf8'))).toHaveLength(1);
    rmSync(join(root, name));
  });
});

describe('the launcher', () => {
  test.for<[string, string[], RegExp]>([
    ['another word', ['--audit-log=a.log', '--log', 'some'], /--log takes refusals, first or all/],
    ['nowhere to write', ['--log', 'first'], /nowhere to write them: add --audit-log TARGET/],
    ['--no-preload', ['--log', 'first', '--audit-log=a.log', '--no-preload'], /by the preload/],
    [
      'no text',
      ['--audit-log=a.log', '--log-text', '0'],
      /--log-text takes a number of characters/,
    ],
    ['too much text', ['--audit-log=a.log', '--log-text', '65537'], /from 1 to 65536/],
    ['much too much', ['--audit-log=a.log', '--log-text', '9999999999'], /from 1 to 65536/],
    ['a word for text', ['--audit-log=a.log', '--log-text=10k'], /and not '10k'/],
    ['text and no log', ['--log-text', '10'], /nowhere to write it: add --audit-log TARGET/],
    ['text alone', ['--log-text', '10', '--no-preload'], /--log-text is obeyed by the preload/],
  ])('--log with %s starts nothing', async ([, options, told]) => {
    const { status, stderr } = await run([launcher, ...options, '--', node, 'main.cjs']);
    expect(stderr).toMatch(told);
    expect(status).toBe(2);
    expect(existsSync(join(root, 'a.log'))).toBe(false);
  });

  test('--log-text has so much text written, of children too', async () => {
    const code = "require('node:child_process').execFileSync(process.execPath, ['-e', '1 + 1'])";
    const { three } = await run(
      [launcher, '--audit', '--audit-log', 'fd:3', '--log-text', '3', node, '-e', code],
      { MAYEXEC_LOG_TEXT: '60000' },
    );
    const texts = parse(three).flatMap(({ text }) => text ?? []);
    expect(texts).toEqual(['req', '1 +']);
  });

  test('a MAYEXEC_LOG that means nothing is told, and all is written', async () => {
    const env = {
      NODE_OPTIONS: `--require=${preload}`,
      MAYEXEC_AUDIT_LOG: 'fd:3',
      MAYEXEC_LOG: 'some',
    };
    const { three, stderr } = await run([node, 'required.cjs'], env);
    expect(stderr).toBe(
      `mayexec: MAYEXEC_LOG is 'some', which is not refusals, first or all. Every verdict is written\n`,
    );
    expect(parse(three)).toHaveLength(1);
  });

  test('its own records have the host and the user', async () => {
    const { three } = await run(
      [launcher, '--audit', '--audit-log', 'fd:3', node, 'required.cjs'],
      { LD_BIND_NOW: '1' },
    );
    expect(parse(three)[0]).toMatchObject({
      host: hostname(),
      uid: process.getuid?.(),
      variable: 'LD_BIND_NOW',
    });
  });

  test('a reader that goes away stops neither it nor the program', async () => {
    const { stdout } = await run(
      [
        ...['sh', '-c', '"$@" | { sleep 0.2; }; echo after', 'sh'],
        ...[launcher, '--audit', '--audit-log', 'stdout', node, 'required.cjs'],
      ],
      { LD_BIND_NOW: '1' },
    );
    expect(stdout).toBe('after\n');
  });

  test('a program that closes the fd is left alone, and its file is not written to', async () => {
    writeFileSync(
      join(root, 'closes.cjs'),
      `const fs = require('node:fs');
       for (let fd = 64; fd < 1024; fd++) try { fs.closeSync(fd) } catch { continue }
       while (fs.openSync('./other', 'a') < 513);
       require('./required.cjs');`,
    );
    const { status, three } = await run([
      ...[launcher, '--audit', '--audit-log', 'fd:3', node, 'closes.cjs'],
    ]);
    expect(status).toBe(0);
    expect(pathsIn(parse(three))).toEqual(['closes.cjs']);
    expect(readFileSync(join(root, 'other'), 'utf8')).toBe('');
  });

  test('a container is told by the directory that its hostname is mounted from', async () => {
    const id = '0123456789abcdef'.repeat(4);
    const folder = join(root, 'containers', id);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'hostname'), 'in-a-container\n');
    const { three } = await run([
      ...['unshare', '--mount', '--propagation', 'private', 'sh', '-c'],
      ...['mount --bind "$0" /etc/hostname && exec "$@"', join(folder, 'hostname')],
      ...[launcher, '--audit', '--audit-log', 'fd:3', node, 'required.cjs'],
    ]);
    expect(parse(three)).toMatchObject([{ container: id }]);
  });
});
