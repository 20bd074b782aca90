/** Where /proc is empty, the preload starts an approved program, and refuses what is not. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

import { preload } from '../support/built.js';
import { runChild, sandbox } from '../support/sandbox.js';
import { MAJORS, nodeBinary } from './versions.js';

const box = sandbox();
const main = box.file(
  'main.cjs',
  0o755,
  readFileSync(new URL('without-proc/main.cjs', import.meta.url)),
);
box.file('approved.cjs', 0o755, "module.exports = 'ran';\n");
const dropped = box.file('dropped.cjs', 0o644, "module.exports = 'ran';\n");
box.file('dropped.mjs', 0o644, 'export {};\n');
box.file('dropped.node', 0o644, 'no shared object');

interface Outcome {
  status: number | null;
  stdout: string;
  stderr: string;
}

/** Node with the preload, under securebits that its parent has set. */
function started(
  major: (typeof MAJORS)[number],
  bits: object,
  script: string,
  env: Record<string, string> = {},
): Outcome {
  return runChild<Outcome>(
    `mayexec.setSecurebits(input.bits);
     const { spawnSync } = await import('node:child_process');
     const { status, stdout, stderr } = spawnSync(input.node, [input.script], {
       encoding: 'utf8',
       env: { ...process.env, ...input.env },
     });
     return { status, stdout, stderr };`,
    {
      mounts: 'mount -t tmpfs none /proc',
      input: {
        bits,
        node: nodeBinary(major),
        script,
        env: { NODE_OPTIONS: `--require ${preload}`, ...env },
      },
    },
  );
}

const both = { restrictFile: true, denyInteractive: true };
const policies = [
  ['nothing', {}],
  ['SECBIT_EXEC_RESTRICT_FILE', { restrictFile: true }],
  ['both securebits', both],
] as const;

describe.for(MAJORS)('without /proc, on Node %i', (major) => {
  test.for(policies)('under %s', ([, bits]) => {
    const restricted = 'restrictFile' in bits;
    const { status, stdout, stderr } = started(major, bits, main);
    expect(stderr).toBe('');
    expect(status).toBe(0);
    const refused = restricted ? 'EACCES' : 'ran';
    expect(stdout.trim().split('\n')).toEqual([
      'approved: ran',
      `not approved: ${refused}`,
      `an ES module: ${refused}`,
      `an addon: ${restricted ? 'EACCES' : 'ERR_DLOPEN_FAILED'}`,
      'a child: ran',
      `a child that is not approved: ${restricted ? 'status 126' : 'ran'}`,
      'a Worker: ran',
      `a Worker that is not approved: ${refused}`,
    ]);
  });

  test('a script that is not approved does not start', () => {
    const { status, stderr } = started(major, both, dropped);
    expect(stderr).toMatch(/^mayexec: EACCES/);
    expect(status).toBe(126);
  });

  test('the log has each verdict, with the path that was given', () => {
    const log = box.path(`log-${major}.jsonl`);
    started(major, both, main, { MAYEXEC_AUDIT_LOG: log });
    const denied = readFileSync(log, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { path?: string; denied: boolean; ino?: string })
      .filter((line) => line.denied && line.path === dropped);
    // The module, the child and the Worker.
    expect(denied).toHaveLength(3);
    expect(denied[0]?.ino).toMatch(/^\d+$/);
  });
});
