/** TypeScript where strict strips the types itself: the same output, warnings and errors. */
import { readdirSync, readFileSync, rmSync } from 'node:fs';

import { afterAll, describe, expect, test } from 'vitest';

import { preload } from '../support/built.js';
import { Fixture } from './fixture.js';
import { PolicyHost, type Outcome } from './policy-host.js';
import { runStrict } from './run-strict.js';
import { EDGES, nodeBinary, type Major } from './versions.js';

const host = new PolicyHost({ restrictFile: true, denyInteractive: true });
const unrestricted = new PolicyHost({});
const fixture = new Fixture();

afterAll(() => {
  host.close();
  unrestricted.close();
  rmSync(fixture.root, { recursive: true });
});

const KEEPS = '--no-experimental-strip-types';
const TRANSFORMS = '--experimental-transform-types';

/** Node 26 has no option to transform types. */
const programs: { name: string; args: string[]; until?: Major }[] = [
  { name: 'a file whose types are stripped', args: ['types.cts'] },
  { name: 'a program that strips types itself', args: ['strips.cts'] },
  { name: 'what a program learns of types that cannot be stripped', args: ['errors.cjs'] },
  { name: 'a program whose types cannot be stripped', args: ['enumeration.ts'] },
  { name: 'an ES module whose types cannot be stripped', args: ['enumeration.mts'] },
  { name: 'the place of an error in a file that require() loads', args: ['requires.cjs'] },
  { name: 'the place of an error in a file that is imported', args: ['imports.mjs'] },
  { name: 'the place of an error in the program', args: ['place.cts'] },
  { name: 'types under node_modules', args: ['installed.cjs'] },
  { name: 'a program under node_modules', args: ['node_modules/typed/types.mts'] },
  { name: 'types that Node is told to keep', args: [KEEPS, 'types.cts'] },
  { name: 'types that Node is told to keep, in an ES module', args: [KEEPS, 'types.mts'] },
  { name: 'types that only a hook finds', args: ['hooked.mjs'] },
  {
    name: 'types that only a hook finds, and that Node is told to keep',
    args: [KEEPS, 'hooked.mjs'],
  },
  { name: 'an enumeration that Node transforms', args: [TRANSFORMS, 'enumeration.ts'], until: 24 },
  { name: 'an ES module that Node transforms', args: [TRANSFORMS, 'enumeration.mts'], until: 24 },
  // Of an imported .cts Node 24 tells the place in the JavaScript, and strict that in the file.
  { name: 'a transformed file that is imported', args: [TRANSFORMS, 'imports.mjs'], until: 22 },
  { name: 'a transformed file that is required', args: [TRANSFORMS, 'requires.cjs'], until: 24 },
];

const programFiles = new URL('ways/typescript/', import.meta.url);
const files = Object.fromEntries(
  readdirSync(programFiles).map((name) => [
    name,
    readFileSync(new URL(name, programFiles), 'utf8'),
  ]),
);

// Their names say nothing of types.
Object.assign(files, {
  'typed.mjs': `export const said = 'stripped' as string;`,
  'typed.cjs': `exports.said = 'stripped' as string;`,
  'typed.js': `exports.said = 'stripped' as string;`,
  'enumerated.mjs': `export enum Other { Stripped }`,
  'enumerated.cjs': `enum Other { Stripped }`,
});
for (const name of ['types.cts', 'types.mts']) {
  files[`node_modules/typed/${name}`] = files[name] ?? '';
}

const folder = (major: Major): string =>
  fixture.folder(`typescript ${major}`, { name: '', kind: 'file', args: [], files }, 0o644);

const said = ({ stdout, stderr, status }: Outcome): object => ({
  ...{ status, stdout },
  // Functions of the preload are on the stack of an error of Node's.
  stderr: stderr.replaceAll(/\(node:\d+\)/g, '(node)').replaceAll(/\n {4}at .*/g, ''),
});

describe.for(EDGES)('TypeScript on Node %i', (major) => {
  const there = programs.filter(({ until = major }) => major <= until);
  test.concurrent.for(there)('$name is as in plain Node, under strict', async ({ args }) => {
    const cwd = folder(major);
    const plain = await host.run({ file: nodeBinary(major), args, cwd });
    const strict = await runStrict(host, { major, args, cwd });
    expect(said(strict)).toEqual(said(plain));
  });
  test.concurrent.for(there)('$name is as in plain Node, with a log alone', async ({ args }) => {
    const cwd = folder(major);
    const file = nodeBinary(major);
    const plain = await unrestricted.run({ file, args, cwd });
    const env = { NODE_OPTIONS: `--require=${preload}`, MAYEXEC_STRICT: 'audit' };
    expect(said(await unrestricted.run({ file, args, cwd, env }))).toEqual(said(plain));
  });

  // Node adds a comment with the name of the file.
  test.concurrent.for(['requires-a-name.cjs', 'imports-a-name.mjs'])(
    'a name of more than one line makes no code: %s',
    async (program) => {
      const { stdout } = await runStrict(host, { major, args: [program], cwd: folder(major) });
      expect(stdout).toContain('types\n');
      expect(stdout).not.toContain('RAN');
    },
  );
});
