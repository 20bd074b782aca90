/** A log that cannot be read does not keep a command from the others. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import { describe, expect, test } from 'vitest';

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
    'plain.gz',
    (file) => {
      writeFileSync(file, record(at('app/plain.js')));
    },
    /incorrect header check/,
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

  test('a broken log alone is no proof of anything', async () => {
    root = tree({ 'app/package.json': '{}', 'bom.json': BOM });
    const { status, stdout, stderr } = await mayexec(args([at('absent')]));
    expect(stderr).toContain(`log ${at('absent')} could not be read: ENOENT`);
    expect(stdout).not.toContain('nothing was refused');
    expect(status).toBe(2);
  });
});
