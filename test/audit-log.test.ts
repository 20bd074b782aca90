import { channel } from 'node:diagnostics_channel';
import { execFileSync, spawnSync } from 'node:child_process';
import { hash } from 'node:crypto';
import {
  appendFileSync,
  chmodSync,
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeEach, describe, expect, it } from 'vitest';

import { openAuditLog } from '../src/audit-log.js';
import type { AuditLog } from '../src/audit-writer.js';
import { checkExecSync } from '../src/check.js';
import { openMayExecSync } from '../src/open-may-exec.js';

const base = mkdtempSync(join(tmpdir(), 'mayexec-audit-'));
const refused = join(base, 'refused.js');
const allowed = join(base, 'allowed.js');
writeFileSync(refused, '');
writeFileSync(allowed, '');
chmodSync(allowed, 0o755);
const file = join(base, 'log');
const log: { current?: AuditLog } = {};

beforeEach(() => {
  log.current?.close();
  for (const name of readdirSync(base))
    if (name.startsWith('log')) rmSync(join(base, name), { recursive: true });
});
afterAll(() => {
  log.current?.close();
  rmSync(base, { recursive: true });
});

function start(...args: Parameters<typeof openAuditLog>): AuditLog {
  return (log.current = openAuditLog(...args));
}

function verdict(path: string): void {
  const fd = openSync(path, 'r');
  checkExecSync(fd);
  closeSync(fd);
}

/** The fd that leads to a path. */
function fdOf(path: string): number {
  for (const fd of readdirSync('/proc/self/fd')) {
    const link = `/proc/self/fd/${fd}`;
    if (existsSync(link) && readlinkSync(link) === path) return Number(fd);
  }
  return -1;
}

const lines = (path = file): Record<string, unknown>[] =>
  readFileSync(path, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((text) => JSON.parse(text) as Record<string, unknown>);

describe('a line of the log', () => {
  it('says when, who, which file, and what the verdict was', () => {
    start(file);
    verdict(refused);
    const { dev, ino } = statSync(refused, { bigint: true });
    expect(lines()).toEqual([
      {
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) as string,
        pid: process.pid,
        host: hostname(),
        uid: process.getuid?.(),
        program: process.argv[1],
        operation: 'checkExec',
        path: refused,
        dev: String(dev),
        ino: String(ino),
        origin: 'api',
        sha256: hash('sha256', ''),
        allowed: false,
        binding: false,
        denied: false,
        wouldDeny: true,
        mechanism: 'at_execve_check',
        errno: 'EACCES',
        reason: 'mode',
      },
    ]);
  });

  it('names the file by where it is, however it was opened', () => {
    symlinkSync(base, join(base, 'log.link'));
    start(file);
    openMayExecSync(join(base, 'log.link', '..', 'log.link', 'allowed.js')).closeSync();
    expect(lines()).toMatchObject([{ path: allowed, allowed: true, denied: false }]);
  });

  it('says that a file was denied', () => {
    start(file);
    expect(() => openMayExecSync(refused, { enforce: true })).toThrow();
    expect(lines()).toMatchObject([{ denied: true, binding: true }]);
  });

  it('names the module that asked where the message has it, and cuts it to a bearable length', () => {
    start(file);
    const fd = openSync(allowed, 'r');
    channel('mayexec:check').publish({
      operation: 'import',
      denied: false,
      fd,
      verdict: { allowed: true, binding: false, mechanism: 'none' },
      importers: [`data:${'x'.repeat(100_000)}`, '/srv/app/main.js'],
    });
    closeSync(fd);
    expect((lines()[0]?.['importer'] as string).length).toBe(4096);
  });

  it('has no half of a pair of surrogates, which other readers refuse', () => {
    const half = '\ud83d';
    const name = join(base, 'half');
    mkdirSync(name);
    writeFileSync(join(name, 'package.json'), JSON.stringify({ name: `p${half}` }));
    writeFileSync(join(name, 'code.js'), '');
    start(file);
    verdict(join(name, 'code.js'));
    expect(readFileSync(file, 'utf8')).toContain('"package":"p\ufffd"');
    expect(readFileSync(file, 'utf8')).not.toContain('\\ud83d');
  });
  it('is what the methods of the language say, whatever the program puts in their place', () => {
    /* eslint-disable @typescript-eslint/unbound-method */
    const { slice } = String.prototype;
    const { toISOString } = Date.prototype;
    start(file);
    try {
      String.prototype.slice = () => 'forged';
      Date.prototype.toISOString = () => {
        throw new Error('forged');
      };
      verdict(refused);
    } finally {
      String.prototype.slice = slice;
      Date.prototype.toISOString = toISOString;
    }
    /* eslint-enable @typescript-eslint/unbound-method */
    expect(readFileSync(file, 'utf8')).toContain(`"path":${JSON.stringify(refused)}`);
  });
  it('is what JSON says, whatever the program has put on Object.prototype', () => {
    const code = `
      import { openAuditLog, checkExecSync } from '${new URL('../dist/index.js', import.meta.url).href}';
      import fs from 'node:fs';
      openAuditLog('${file}');
      Object.prototype.toJSON = () => 'forged';
      JSON.stringify = () => 'forged';
      checkExecSync(fs.openSync('${refused}'));`;
    execFileSync(process.execPath, ['--input-type=module', '-e', code]);
    expect(lines()).toMatchObject([{ path: refused, allowed: false }]);
  });
});

describe('the file', () => {
  it('is made for its owner alone, and appended to', () => {
    writeFileSync(file, 'before\n', { mode: 0o600 });
    start(file);
    verdict(allowed);
    expect(readFileSync(file, 'utf8')).toMatch(/^before\n\{.*\}\n$/);
    log.current?.close();
    rmSync(file);
    start(file);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('is made anew when it was renamed, and every line is in one of the two', () => {
    start(file);
    verdict(allowed);
    renameSync(file, `${file}.1`);
    verdict(refused);
    expect(lines(`${file}.1`)).toMatchObject([{ path: allowed }]);
    expect(lines()).toMatchObject([{ path: refused }]);
  });

  it('is made anew when it was removed, or another was put in its place', () => {
    start(file);
    rmSync(file);
    verdict(allowed);
    expect(lines()).toHaveLength(1);
    writeFileSync(`${file}.new`, '');
    renameSync(`${file}.new`, file);
    verdict(allowed);
    expect(lines()).toHaveLength(1);
  });

  it('goes on where it was when it was truncated in place', () => {
    start(file);
    verdict(allowed);
    truncateSync(file);
    verdict(refused);
    expect(readFileSync(file, 'utf8')).toMatch(/^\{/);
    expect(lines()).toHaveLength(1);
  });

  it('keeps the renamed file while the name cannot be opened', () => {
    start(file);
    renameSync(file, `${file}.1`);
    symlinkSync(`${file}.elsewhere`, file);
    verdict(allowed);
    expect(lines(`${file}.1`)).toHaveLength(1);
    expect(existsSync(`${file}.elsewhere`)).toBe(false);
    expect(log.current).toMatchObject({ written: 1, dropped: 0, lastError: { code: 'ELOOP' } });
  });

  it('is written no further than maxBytes, and after rotation says how many were lost', () => {
    const current = start(file, { maxBytes: 100 });
    for (let i = 0; i < 5; i++) verdict(allowed);
    expect(lines()).toHaveLength(1);
    expect(current).toMatchObject({ written: 1, dropped: 4 });
    renameSync(file, `${file}.1`);
    verdict(refused);
    expect(lines()).toMatchObject([{ dropped: 4 }, { path: refused }]);
  });

  it('is opened anew when the program closed its fd, and the file that took the number is left alone', () => {
    start(file);
    closeSync(fdOf(file));
    verdict(allowed);
    expect(log.current).toMatchObject({ written: 1, dropped: 0 });

    const fd = fdOf(file);
    closeSync(fd);
    const others: number[] = [];
    while (others.at(-1) !== fd) others.push(openSync(`${file}.other`, 'w'));
    verdict(allowed);
    log.current?.close();
    expect(readFileSync(`${file}.other`, 'utf8')).toBe('');
    for (const other of others) closeSync(other);
    expect(lines()).toHaveLength(2);
  });

  it('does not stop the program when it is full', () => {
    const current = start(openSync('/dev/full', 'w'));
    verdict(allowed);
    expect(current).toMatchObject({ written: 0, dropped: 1, lastError: { code: 'ENOSPC' } });
  });

  it('does not stop the program when it is a pipe that nobody empties', () => {
    spawnSync('mkfifo', [file]);
    const reader = openSync(file, 'r+');
    const current = start(file);
    for (let i = 0; i < 2000; i++) verdict(allowed);
    closeSync(reader);
    expect(current.dropped).toBeGreaterThan(0);
    expect(current.lastError).toMatchObject({ code: 'EAGAIN' });
  });

  it('may be an fd, which stays open', () => {
    const fd = openSync(file, 'a');
    start(fd);
    verdict(allowed);
    log.current?.close();
    appendFileSync(fd, 'still open\n');
    closeSync(fd);
    expect(readFileSync(file, 'utf8')).toMatch(/^\{.*\}\nstill open\n$/);
  });

  it('is closed with the log, and nothing is written after', () => {
    const before = readdirSync('/proc/self/fd').length;
    const current = start(file);
    current.close();
    current.close();
    verdict(allowed);
    expect(lines()).toEqual([]);
    expect(readdirSync('/proc/self/fd').length).toBe(before);
  });

  it('holds whole lines when several processes write it', () => {
    const code = `
      import { openAuditLog, checkExecSync } from '${new URL('../dist/index.js', import.meta.url).href}';
      import fs from 'node:fs';
      openAuditLog('${file}');
      const fd = fs.openSync('${refused}');
      for (let i = 0; i < 500; i++) checkExecSync(fd);`;
    const command = Array<string>(3).fill('"$0" --input-type=module -e "$1" &').join(' ') + ' wait';
    spawnSync('sh', ['-c', command, process.execPath, code]);
    expect(lines()).toHaveLength(1500);
  });
});

it.each<[string, () => void, string]>([
  [
    'a symbolic link is not followed',
    () => {
      symlinkSync('/dev/null', file);
      start(file);
    },
    'ELOOP',
  ],
  ['a directory is no log', () => start(base), 'EISDIR'],
  ['a file in no directory cannot be made', () => start(join(base, 'absent', 'log')), 'ENOENT'],
  [
    'a size is a number',
    () => start(file, { maxBytes: '1' as unknown as number }),
    'ERR_INVALID_ARG_TYPE',
  ],
  ['a size is not negative', () => start(file, { maxBytes: -1 }), 'ERR_OUT_OF_RANGE'],
])('%s, and openAuditLog says so', (_name, open, code) => {
  expect(open).toThrow(expect.objectContaining({ code }) as Error);
});

describe('a file that ends in the middle of a line', () => {
  const FRAGMENT = '{"time":"2026-01-01T00:00:00.000Z","pi';
  const records = (): string[] => readFileSync(file, 'utf8').split('\n').filter(Boolean).slice(1);

  it('gets a line of its own for the next verdict, when the log is opened', () => {
    writeFileSync(file, FRAGMENT);
    start(file);
    verdict(refused);
    expect(records().map((text) => JSON.parse(text) as object)).toMatchObject([{ path: refused }]);
  });

  it('gets one too when another process was cut off meanwhile', () => {
    start(file);
    verdict(allowed);
    appendFileSync(file, FRAGMENT);
    verdict(refused);
    const [fragment, record] = records();
    expect(fragment).toBe(FRAGMENT);
    expect(JSON.parse(record ?? '')).toMatchObject({ path: refused });
  });

  it('gets no empty line when it ends with a whole one', () => {
    writeFileSync(file, '{}\n');
    start(file);
    verdict(refused);
    verdict(allowed);
    expect(readFileSync(file, 'utf8')).not.toContain('\n\n');
    expect(lines()).toHaveLength(3);
  });
});

it('tells of a file whose path is longer than the kernel can name by the path that was given', () => {
  const part = 'd'.repeat(200);
  const before = process.cwd();
  const top = mkdtempSync(join(base, 'deep-'));
  let dir: number | undefined;
  start(file);
  try {
    process.chdir(top);
    for (let i = 0; i < 25; i++) {
      mkdirSync(part);
      process.chdir(part);
    }
    writeFileSync('refused.js', '', { mode: 0o644 });
    dir = openSync('.', 'r');
    process.chdir(before);
    expect(() => openMayExecSync('refused.js', { dir: dir ?? -1, enforce: true })).toThrow();
    expect(lines()).toMatchObject([{ path: 'refused.js', denied: true }]);
    expect(log.current?.dropped).toBe(0);
  } finally {
    process.chdir(before);
    if (dir !== undefined) closeSync(dir);
    execFileSync('rm', ['-rf', top]);
  }
});

describe('records', () => {
  it.for<['all' | 'first' | 'refusals', string[]]>([
    ['all', [allowed, allowed, refused, refused]],
    ['first', [allowed, refused]],
    ['refusals', [refused, refused]],
  ])('%s', ([records, expected], { expect: expects }) => {
    start(file, { records });
    for (const path of [allowed, allowed, refused, refused]) verdict(path);
    expects(lines().map(({ path }) => path)).toEqual(expected);
  });

  it('of another name are an error', () => {
    expect(() => start(file, { records: 'some' as 'all' })).toThrow(
      /'options.records' must be one of 'refusals', 'first', 'all'/,
    );
  });
});

describe('text', () => {
  const publish = (text: string): void => {
    channel('mayexec:check').publish({
      operation: 'checkInteractive',
      origin: 'eval',
      verdict: { allowed: true, binding: false, mechanism: 'none' },
      denied: false,
      wouldDeny: true,
      text,
    });
  };

  it.for<[number | undefined, object]>([
    [undefined, {}],
    [0, {}],
    [2, { text: 'ab', textLength: 3 }],
    [3, { text: 'abc' }],
    [65_536, { text: 'abc' }],
  ])('of %s characters', ([text, expected], { expect: expects }) => {
    start(file, text === undefined ? {} : { text });
    publish('abc');
    const [line] = lines();
    const { text: written, textLength } = line as { text?: string; textLength?: number };
    expects({ text: written, textLength }).toEqual({
      text: undefined,
      textLength: undefined,
      ...expected,
    });
  });

  it.for<[unknown, string]>([
    ['all', 'ERR_INVALID_ARG_TYPE'],
    [-1, 'ERR_OUT_OF_RANGE'],
    [1.5, 'ERR_OUT_OF_RANGE'],
    [65_537, 'ERR_OUT_OF_RANGE'],
    [NaN, 'ERR_OUT_OF_RANGE'],
  ])('of %s characters is an error', ([text, code], { expect: expects }) => {
    expects(() => start(file, { text: text as number })).toThrow(expect.objectContaining({ code }));
  });
});
