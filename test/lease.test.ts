/**
 * A process holds a lease on a file, as Samba and nfsd do, and gives it up late. Whoever opens the
 * file waits for that, as open(2) does, however mayexec opens it.
 */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

import { describe, expect, test } from 'vitest';

import { command, launcher, preload } from './support/built.js';
import { nodeBinary } from './preload/versions.js';
import { sandbox } from './support/sandbox.js';

const box = sandbox();
const lease = box.path('lease');
execFileSync('cc', [
  ...['-std=c11', '-O1', '-o', lease],
  fileURLToPath(new URL('programs/lease.c', import.meta.url)),
]);

const LATE_MS = '300';

interface Run {
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
}

/** Runs a command while the lease is held. */
async function whileHeld(file: string, { args, env }: Run): Promise<string> {
  const holder = spawn(lease, [file, LATE_MS], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(holder.stdout, 'data');
  const ended = once(holder, 'close');
  try {
    const [program = '', ...rest] = args;
    const { stdout, stderr } = spawnSync(program, rest, {
      encoding: 'utf8',
      env: { ...process.env, ...env },
    });
    // Its lease was broken.
    expect((await ended)[0], stderr).toBe(0);
    return stdout + stderr;
  } finally {
    holder.kill('SIGKILL');
  }
}

const NODE = nodeBinary(24);
const node = (...args: string[]): string[] => [NODE, '--require', preload, ...args];
const ENFORCE = { MAYEXEC_ENFORCE: '1' };
const says = (name: string, mode = 0o755): string => box.file(name, mode, `console.log('ran')`);
const log = (name: string): string => box.file(name, 0o600, '');

interface Case {
  readonly title: string;
  readonly file: string;
  readonly run: Run;
  readonly prints?: string | RegExp;
  /** A file, and what it has then. */
  readonly leaves?: readonly [file: string, text: string];
}

const module = says('module.cjs');
const script = box.file('script', 0o755, `#!/bin/sh\necho ran\n`);
const starts = box.file(
  'starts.cjs',
  0o755,
  `process.stdout.write(require('node:child_process').execFileSync(${JSON.stringify(script)}))`,
);
const logged = says('logged.cjs');
const packaged = says('packaged/main.cjs');
const manifest = box.file('packaged/package.json', 0o644, '{"name":"packaged","version":"1.2.3"}');
const sealed = says('sealed/code.cjs', 0o644);
const again = says('again/code.cjs', 0o644);
const logs = { preload: log('preload.jsonl'), launcher: log('launcher.jsonl'), own: log('own') };
const journals = { new: box.path('journal'), held: log('held-journal') };
const seal = (journal: string, tree: string): string[] => [
  ...[process.execPath, command, 'seal', '--journal', journal, dirname(tree)],
];

const CASES: readonly Case[] = [
  { title: 'a module', file: module, run: { args: node(module), env: ENFORCE }, prints: 'ran\n' },
  {
    title: 'a program that a child runs',
    file: script,
    run: { args: node(starts), env: ENFORCE },
    prints: 'ran\n',
  },
  {
    title: 'the log of the preload',
    file: logs.preload,
    run: { args: node(logged), env: { MAYEXEC_AUDIT_LOG: logs.preload } },
    prints: 'ran\n',
    leaves: [logs.preload, 'logged.cjs'],
  },
  {
    title: 'the log of the launcher',
    file: logs.launcher,
    run: {
      args: [...[launcher, '--audit', '--audit-log', logs.launcher, '--'], ...[NODE, logged]],
    },
    prints: 'ran\n',
    leaves: [logs.launcher, 'logged.cjs'],
  },
  {
    title: 'the package.json that a record names',
    file: manifest,
    run: {
      args: node(packaged),
      env: { MAYEXEC_AUDIT_LOG: logs.own },
    },
    prints: 'ran\n',
    leaves: [logs.own, 'packaged@1.2.3'],
  },
  {
    title: 'a file that seal changes',
    file: sealed,
    run: { args: seal(journals.new, sealed) },
    prints: /^1 file sealed, 0 had x already, 0 refused/,
  },
  {
    title: 'the journal of seal',
    file: journals.held,
    run: { args: seal(journals.held, again) },
    prints: /^1 file sealed, 0 had x already, 0 refused/,
    leaves: [journals.held, 'code.cjs'],
  },
];

describe('the holder of a lease is waited for', () => {
  test.for(CASES)('on $title', async ({ file, run, prints = '', leaves }) => {
    const printed = await whileHeld(file, run);
    if (typeof prints === 'string') expect(printed).toBe(prints);
    else expect(printed).toMatch(prints);
    if (leaves !== undefined) expect(readFileSync(leaves[0], 'utf8')).toContain(leaves[1]);
  });
});
