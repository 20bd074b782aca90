import { execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterAll, describe, expect, test } from 'vitest';

import { MAJORS, nodeBinary, rowsOn } from '../preload/versions.js';
import { OPENSSL_CONF } from '../support/clearing-lines.js';
import { endAllIn } from '../support/left-running.js';
import { hostile, type Hostile } from './hostile.js';
import { launched, started, type Outcome, type Started } from './launcher.js';

const source = (name: string): string =>
  fileURLToPath(new URL(`programs/${name}`, import.meta.url));
const root = mkdtempSync(join(tmpdir(), 'mayexec-hostile-'));
const living: { kill(): void }[] = [];
afterAll(() => {
  for (const child of living) child.kill();
  endAllIn(root);
  rmSync(root, { recursive: true });
});

const library = join(root, 'ran.so');
execFileSync('cc', ['-shared', '-fPIC', '-o', library, source('ran.c')]);

/** The folder that FOLDER stands for, for one Node. */
function folderFor(node: string): string {
  const folder = mkdtempSync(join(root, 'node-'));
  const put = (name: string, text: string, mode = 0o644): void => {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
    chmodSync(join(folder, name), mode);
  };
  put('approved.cjs', '', 0o755);
  put('dropped.cjs', `console.log('RAN');`);
  put('dropped.mjs', `console.log('RAN');`);
  put('evil.sh', 'echo RAN');
  put('approved.sh', '', 0o755);
  put('evil.json', '{"nodeOptions":{"require":["./dropped.cjs"]}}');
  put('node.config.json', '{"nodeOptions":{"require":["./dropped.cjs"]}}');
  put('evil.env', 'NODE_OPTIONS=--require=./dropped.cjs\n');
  put('openssl.cnf', OPENSSL_CONF);
  put(
    'gconv-modules',
    'module DROPPED// INTERNAL dropped 1\nmodule INTERNAL DROPPED// dropped 1\n',
  );
  for (const { files = {} } of hostile)
    for (const [name, text] of Object.entries(files)) put(name, text, 0o755);
  copyFileSync(library, join(folder, 'dropped.so'));
  copyFileSync(source('snapshot.cjs'), join(folder, 'snapshot.cjs'));
  execFileSync(node, ['--snapshot-blob=evil.blob', '--build-snapshot', 'snapshot.cjs'], {
    cwd: folder,
  });
  symlinkSync(node, join(folder, 'program'));
  for (const name of ['a b', 'NODE_OPTIONS', 'LD_X=y']) {
    mkdirSync(join(folder, name));
    symlinkSync(node, join(folder, name, 'node'));
  }
  try {
    linkSync(node, join(folder, 'hard'));
  } catch {
    // Another file system.
    copyFileSync(node, join(folder, 'hard'));
  }
  return folder;
}

describe.for(MAJORS)('on Node %i', (major) => {
  const node = nodeBinary(major);
  const folder = folderFor(node);
  const child = spawn(node, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  living.push(child);
  const filled = (text: string): string =>
    text
      .replaceAll('FOLDER', folder)
      .replaceAll(/\bNODE\b/g, node)
      .replaceAll('PROCESS', `/proc/${String(child.pid)}/exe`);
  // The name of a variable is no placeholder.
  const value = (text: string): string => text.replaceAll('FOLDER', folder);

  function command({ file = 'NODE', args = [] }: Hostile): [string, ...string[]] {
    return [filled(file), ...args.map(filled)];
  }
  function how({ env = {}, argv0, input }: Hostile, mark: string): Started {
    const filledEnv = Object.fromEntries(Object.entries(env).map(([k, v]) => [k, value(v)]));
    return { cwd: folder, env: filledEnv, argv0, input, endsAt: mark };
  }
  const said = (outcome: Outcome): string => JSON.stringify(outcome, null, 1);

  describe.for(rowsOn(major, hostile, MAJORS))('$name', (row) => {
    const mark = row.mark ?? 'RAN';
    const ran = ({ stdout, stderr }: Outcome): boolean => (stdout + stderr).includes(mark);

    test.concurrent('runs without mayexec', async () => {
      const [file, ...args] = command(row);
      const outcome = await started(file, args, how(row, mark));
      expect(ran(outcome), said(outcome)).toBe(true);
    });
    test.concurrent('runs under --warn, which tells of it', async () => {
      const outcome = await launched(['--warn', '--', ...command(row)], how(row, mark));
      // Node takes NODE_OPTIONS from no file where the preload's are in the environment.
      const fromFile = command(row).some((word) => /(?:env|config)-file/.test(word));
      expect(ran(outcome) || fromFile, said(outcome)).toBe(true);
      expect(outcome.stderr, said(outcome)).toMatch(/^mayexec: would be (refused|left out)/m);
    });
    test.concurrent(`is ${row.outcome}`, async () => {
      const outcome = await launched(['--', ...command(row)], how(row, mark));
      expect(ran(outcome), said(outcome)).toBe(false);
      expect(outcome.stderr, said(outcome)).toMatch(/^mayexec: /);
      if (row.outcome === 'left out') expect(outcome.status, said(outcome)).toBe(0);
      else expect(outcome.status, said(outcome)).not.toBe(0);
    });
  });
});
