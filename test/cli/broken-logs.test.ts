/** A log that cannot be read does not keep a command from the others. */
import { spawnSync } from 'node:child_process';
import { linkSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import { describe, expect, test } from 'vitest';

import { command } from '../support/built.js';
import { mayexec, modes, tree } from './run.js';

/** Of each test. */
let root: string;

const BOM = JSON.stringify({ bomFormat: 'CycloneDX', specVersion: '1.5', components: [] });
const at = (name: string): string => join(root, name);

/** As of a file that was loaded without x. */
const record = (path: string): string =>
  `${JSON.stringify({
    time: new Date().toISOString(),
    host: 'web-1',
    operation: 'load',
    path,
    sha256: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    allowed: false,
    denied: false,
    wouldDeny: true,
    mechanism: 'at_execve_check',
    reason: 'mode',
  })}\n`;

const LOGS: [name: string, make: (file: string) => void, why: RegExp][] = [
  [
    'half.gz',
    (file) => {
      const whole = gzipSync(record(at('app/half.js')));
      writeFileSync(file, whole.subarray(0, -12));
    },
    /unexpected end of file/,
  ],
  [
    'half-header.gz',
    (file) => {
      writeFileSync(file, gzipSync('').subarray(0, 6));
    },
    /unexpected end of file/,
  ],
  [
    'empty.gz',
    (file) => {
      writeFileSync(file, '');
    },
    /it is empty/,
  ],
  [
    'packed.xz',
    (file) => {
      writeFileSync(file, Buffer.from('fd377a585a000004e6d6b446', 'hex'));
    },
    /it is compressed by xz: .*xz -dc/,
  ],
  [
    'wide.jsonl',
    (file) => {
      writeFileSync(file, `\uFEFF${record(at('app/wide.js'))}`, 'utf16le');
    },
    /it is UTF-16: .*iconv/,
  ],
  [
    'folder',
    (file) => {
      mkdirSync(file);
    },
    /EISDIR/,
  ],
  ['absent', () => undefined, /ENOENT/],
];

const COMMANDS: [
  name: string,
  args: (logs: string[]) => string[],
  isDone: (out: string) => void,
][] = [
  [
    'explain',
    (logs) => ['explain', '--from-audit', ...logs],
    (out) => {
      expect(out).toContain(`${at('app/first.js')}\n`);
      expect(out).toContain(`${at('app/last.js')}\n`);
    },
  ],
  [
    'report',
    (logs) => ['report', '--html', '-', '--from-audit', ...logs],
    (out) => {
      expect(out).toContain('app/first.js');
      expect(out).toContain('app/last.js');
    },
  ],
  [
    'seal',
    (logs) => ['seal', at('app'), '--from-audit', ...logs],
    () => {
      expect(modes(at('app'))).toMatchObject({ 'first.js': '0755', 'last.js': '0755' });
    },
  ],
  [
    'sbom',
    (logs) => ['sbom', at('bom.json'), '--from-audit', ...logs],
    (out) => {
      expect(out).toContain('CycloneDX');
    },
  ],
];

/** Logs as they come from other systems, each with the records of first.js and last.js. */
const WHOLE: [what: string, make: (text: string) => [name: string, bytes: Buffer | string]][] = [
  ['line ends of Windows', (text) => ['log', `${text}\n`.replaceAll('\n', '\r\n')]],
  ['a byte order mark', (text) => ['log', `\uFEFF${text}`]],
  [
    'a byte order mark in the middle, of logs put together',
    (text) => ['log', text.replace('\n', '\n\uFEFF')],
  ],
  ['gzip under another name', (text) => ['log.gz.1', gzipSync(text)]],
  ['no gzip under its name', (text) => ['log.gz', text]],
  ['two gzips put together', (text) => ['log.gz', twoGzips(text)]],
];

const twoGzips = (text: string): Buffer =>
  Buffer.concat(text.split(/(?<=\n)/).map((line) => gzipSync(line)));

describe.for(COMMANDS)('%s', ([, args, isDone]) => {
  test.for(LOGS)(
    'names the log %s, reads the others, and ends with 2',
    async ([name, make, why]) => {
      root = tree({
        'app/package.json': '{"name":"app"}',
        'app/first.js': '',
        'app/last.js': '',
        'bom.json': BOM,
      });
      writeFileSync(at('first'), record(at('app/first.js')));
      writeFileSync(at('last'), record(at('app/last.js')));
      make(at(name));
      const { status, stdout, stderr } = await mayexec(args(['first', name, 'last'].map(at)));
      expect(stderr).toMatch(
        new RegExp(`^mayexec: .*log ${at(name)} could not be read: .*${why.source}`, 'mi'),
      );
      expect(stderr).not.toMatch(/^ {4}at /m);
      isDone(stdout);
      expect(status).toBe(2);
    },
  );

  test.for(WHOLE)('reads a log with %s', async ([, make]) => {
    root = tree({
      'app/package.json': '{"name":"app"}',
      'app/first.js': '',
      'app/last.js': '',
      'bom.json': BOM,
    });
    const [name, bytes] = make(record(at('app/first.js')) + record(at('app/last.js')));
    writeFileSync(at(name), bytes);
    const { stdout, stderr } = await mayexec(args([at(name)]));
    expect(stderr).not.toContain('could not be read');
    isDone(stdout);
  });

  test('a broken log alone is no proof of anything', async () => {
    root = tree({ 'app/package.json': '{}', 'bom.json': BOM });
    const { status, stdout, stderr } = await mayexec(args([at('absent')]));
    expect(stderr).toContain(`log ${at('absent')} could not be read: ENOENT`);
    expect(stdout).not.toContain('nothing was refused');
    expect(status).toBe(2);
  });

  test('a log without one good line is no proof of anything', async () => {
    root = tree({ 'app/package.json': '{}', 'bom.json': BOM, log: '[]\n' });
    const { status, stdout, stderr } = await mayexec(args([at('log')]));
    expect(stderr).toMatch(/1 line (of the logs could not be read|lost, or not readable)/);
    expect(stdout).not.toContain('nothing was refused');
    expect(status).toBe(2);
  });
});

const fields = (more: object): string =>
  JSON.stringify({
    path: '/srv/app/a.js',
    allowed: true,
    denied: false,
    wouldDeny: false,
    ...more,
  });
const lost = JSON.stringify({ dropped: 2 });

/** Lines that a host may write to hide what it, or another host, has lost or refused. */
const HIDING: [what: string, line: string, unread: number][] = [
  ['a loss below zero', '{"dropped":-2}', 3],
  ['a loss of a part', '{"dropped":0.5}', 3],
  ['a loss beyond any', '{"dropped":1e400}', 3],
  ['a loss in words', '{"dropped":"2"}', 3],
  ['a loss of nothing in a refusal', fields({ allowed: false, denied: true, dropped: 0 }), 3],
  ['a refusal in words', fields({ denied: 'true' }), 3],
  ['a refusal to be, in words', fields({ wouldDeny: 'true' }), 3],
  ['a refusal to be, as a number', fields({ wouldDeny: 1 }), 3],
  ['fields in its prototype', '{"__proto__":{"allowed":true,"denied":false}}', 3],
];

describe.for(HIDING)('a line with %s', ([, line, unread]) => {
  test('is one that could not be read', async () => {
    root = tree({ one: `${fields({})}\n${lost}\n`, other: `${line}\n${fields({})}\n` });
    const words = ['--from-audit', at('one'), at('other')];
    const explained = await mayexec(['explain', ...words]);
    expect(explained.stderr).toBe(`mayexec: ${unread} lines of the logs could not be read\n`);
    const { stdout, status } = await mayexec(['report', '--html', '-', ...words]);
    expect(stdout).toContain('<title>Nothing that could be read would be refused</title>');
    expect([explained.status, status]).toEqual([2, 2]);
  });
});

test('a log that is given by several names counts once', async () => {
  root = tree({ log: record('/srv/app/a.js') });
  symlinkSync('log', at('current'));
  linkSync(at('log'), at('same'));
  const logs = ['log', 'log', 'current', 'same'].map(at);
  const { stdout } = await mayexec(['explain', '--json', '--from-audit', ...logs]);
  expect(JSON.parse(stdout)).toMatchObject({ verdicts: 1, notAllowed: [{ times: 1 }] });
});

/** As zstd(1) makes it of "{}". */
const ZSTD = Buffer.from('28b52ffd04581900007b7d0abad3119c', 'hex');

test.for([
  ['node-20', /log .* could not be read: it is compressed by zstd: .*zstd -dc/],
  ['node-24', /1 line of the logs could not be read/],
] as const)('%s reads logs of zstd, or says what does', ([node, told]) => {
  root = tree({});
  writeFileSync(at('log'), ZSTD);
  const words = [command, 'explain', '--from-audit', at('log')];
  const { stderr } = spawnSync(`node_modules/${node}/bin/node`, words, { encoding: 'utf8' });
  expect(stderr).toMatch(told);
});
