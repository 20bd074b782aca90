import { readFileSync, rmSync } from 'node:fs';
import { execFileSync } from 'node:child_process';

import { afterAll, describe, expect, test } from 'vitest';

import { preload } from '../support/built.js';
import { cloned } from '../../src/preload/guard/clones.js';
import { Fixture } from './fixture.js';
import { PolicyHost, type Outcome } from './policy-host.js';
import { MAJORS, nodeBinary, type Major } from './versions.js';

/*
 * Node makes the clones of its own objects by the name of a class. The preload has a table of these
 * names. It must have each name that a Node's own scripts use.
 */

const host = new PolicyHost({ restrictFile: true, denyInteractive: true });
const fixture = new Fixture();

afterAll(() => {
  host.close();
  rmSync(fixture.root, { recursive: true });
});

/** In a comment, and in a module of Node's own tests. */
const NOT_USED = /^internal\/(my_interface|test\/)/;

/** What the scripts of a Node say that a clone is made of. None may be put together from parts. */
const NAMES = `JSON.stringify(
  Array.from(
    Object.values(process.binding('natives')).join('\\n').matchAll(/deserializeInfo:\\s*('[^']+')?/g),
    ([, name]) => name ?? 'no name',
  ),
)`;

function saidBy(major: Major): string[] {
  const options = ['--no-deprecation', '--print', NAMES];
  const printed = execFileSync(nodeBinary(major), options, { encoding: 'utf8' });
  const names = (JSON.parse(printed) as string[]).map((name) => name.replaceAll("'", ''));
  return names.filter((name) => !NOT_USED.test(name));
}

const inTable = Object.entries(cloned()).flatMap(([module, names]) =>
  names.map((name) => `${module}:${name}`),
);

test.for(MAJORS)('the table has every class that Node %i makes clones of', (major) => {
  const said = saidBy(major);
  expect(said.length).toBeGreaterThan(10);
  expect(inTable).toEqual(expect.arrayContaining(said));
});

test('the table has no class that no Node makes clones of', () => {
  expect(MAJORS.flatMap(saidBy)).toEqual(expect.arrayContaining(inTable));
});

const program = readFileSync(new URL('ways/clones/ordinary.mjs', import.meta.url), 'utf8');

describe.for(MAJORS)('under a restriction on Node %i', (major) => {
  test.concurrent('each of Node’s objects is cloned and sent as ever', async () => {
    const files = { 'program.mjs': program };
    const way = { name: 'clones', kind: 'file' as const, args: [], files };
    const cwd = fixture.folder(`clones ${String(major)}`, way, 0o755);
    const run = (options: string[]): Promise<Outcome> =>
      host.run({ file: nodeBinary(major), args: [...options, 'program.mjs'], cwd });
    const plain = await run([]);
    expect(plain.stdout, plain.stderr).toMatch(/^sent 15 of 15$/m);
    const restricted = await run(['--require', preload]);
    expect(restricted.stdout + restricted.stderr).toBe(plain.stdout);
  });
});
