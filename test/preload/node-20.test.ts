import { rmSync } from 'node:fs';

import { afterAll, describe, expect, test } from 'vitest';

import { Fixture } from './fixture.js';
import { changes, onlyUnenforced, open, programs } from './node-20.js';
import { PolicyHost, type Outcome } from './policy-host.js';
import { nodeBinary, preload } from './versions.js';
import type { WayIn } from './ways-in.js';

const unrestricted = new PolicyHost({});
const restricted = new PolicyHost({ restrictFile: true, denyInteractive: true });
const fixture = new Fixture();
const file = nodeBinary(20);

afterAll(() => {
  unrestricted.close();
  restricted.close();
  rmSync(fixture.root, { recursive: true });
});

const said = (outcome: Outcome): string => JSON.stringify(outcome, null, 1);
const ran = ({ stdout }: Outcome): boolean => stdout.includes('RAN');

function run(way: WayIn, cwd: string, env: Record<string, string> = {}): Promise<Outcome> {
  return restricted.run({ file, args: way.args, cwd, env: { ...way.env, ...env } });
}

describe('in the loaders of Node 20', () => {
  describe.for(programs)('$name', (way) => {
    const cwd = fixture.folder(`20 ${way.name}`, way, 0o644);
    test.concurrent('runs without mayexec', async () => {
      const outcome = await run(way, cwd);
      expect(ran(outcome), said(outcome)).toBe(true);
    });
    test.concurrent.for(['--require', '--import'])('is refused: %s', async (option) => {
      const outcome = await run(way, cwd, { NODE_OPTIONS: `${option} ${preload}` });
      expect(ran(outcome), said(outcome)).toBe(false);
    });
  });

  describe.for(open)('$name', (way) => {
    const cwd = fixture.folder(`20 ${way.name}`, way, 0o644);
    test.concurrent('is open', async () => {
      const outcome = await run(way, cwd, { NODE_OPTIONS: `--require ${preload}` });
      expect(ran(outcome), said(outcome)).toBe(true);
    });
    test.concurrent('is closed by strict', async () => {
      const outcome = await run(way, cwd, {
        NODE_OPTIONS: `--require ${preload} --disallow-code-generation-from-strings`,
        MAYEXEC_STRICT: '1',
        MAYEXEC_STRICT_ALLOW: 'data',
      });
      expect(ran(outcome), said(outcome)).toBe(false);
      expect(outcome.stderr).toContain('Module#_compile');
    });
  });
});

test.concurrent.for([
  ['--test', '--require', './approved.cjs', './approved.cjs'],
  ['--test', '--test-reporter', './approved.mjs', './approved.cjs'],
  ['--test', '--import', './approved.mjs', './approved.cjs'],
])('start is refused on Node 20, which could not check it: %j', async (args) => {
  const way: WayIn = {
    name: '',
    kind: 'file',
    args,
    files: { 'approved.cjs': '', 'approved.mjs': '' },
  };
  const outcome = await run(way, fixture.folder('20 start', way, 0o644), {
    NODE_OPTIONS: `--require ${preload}`,
  });
  expect(outcome, said(outcome)).toMatchObject({ status: 126, stdout: '' });
  expect(outcome.stderr).toMatch(/^mayexec: .*Leave out preloads and reporters.*\n$/);
});

describe('on Node 20', () => {
  test.concurrent.for(changes)('$name is as without the preload', async (way) => {
    const cwd = fixture.folder(`20 ${way.name}`, way, 0o644);
    const look = async (options: string[], host = unrestricted): Promise<object> => {
      const { status, signal, stdout, stderr } = await host.run({
        file,
        args: [...options, ...way.args],
        cwd,
      });
      return { status, signal, stdout, stderr: stderr.replaceAll(/\(node:\d+\)/g, '(node)') };
    };
    const plain = await look([]);
    expect(plain).toMatchObject({ status: 0 });
    expect(await look(['--require', preload])).toEqual(plain);
    // The files of the program may run.
    if (!onlyUnenforced.has(way.name)) {
      expect(await look(['--require', preload], restricted)).toEqual(plain);
    }
  });
});
