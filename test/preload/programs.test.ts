import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterAll, describe, expect, test } from 'vitest';

import { preload } from '../support/built.js';
import { mayexec } from '../cli/run.js';
import { PolicyHost, type Outcome } from './policy-host.js';
import { MAJORS, nodeBinary } from './versions.js';

/*
 * Programs that are at hand here. Many more, and what each costs:
 * node bench/programs/run.mjs
 */
const installed = fileURLToPath(new URL('../../node_modules', import.meta.url));
const root = mkdtempSync(join(tmpdir(), 'mayexec-programs-'));
const free = new PolicyHost({});
const locked = new PolicyHost({
  restrictFile: true,
  restrictFileLocked: true,
  denyInteractive: true,
  denyInteractiveLocked: true,
});

afterAll(() => {
  free.close();
  locked.close();
  rmSync(root, { recursive: true });
});

const files = {
  'project/package.json': '{ "type": "module" }',
  'project/tsconfig.json': '{ "compilerOptions": { "strict": true, "types": [], "noEmit": true } }',
  'project/index.ts': `import { twice } from './twice.ts';\nconsole.log(twice(21 as number), new Error('x').stack?.split('\\n')[1]);\n`,
  'project/twice.ts': `export const twice  = (n: number): number => 2*n;\nexport const wrong: number = 'x';\n`,
  'project/eslint.config.js': `export default [{ rules: { 'no-undef': 'error' } }];`,
  'project/index.js': `nowhere();\n`,
  'project/a.test.js': `import { expect, test } from 'vitest'; test('adds', () => { expect(1 + 1).toBe(2) });`,
};
for (const [name, text] of Object.entries(files)) {
  mkdirSync(dirname(join(root, name)), { recursive: true });
  writeFileSync(join(root, name), text, { mode: 0o755 });
}

interface Program {
  name: string;
  main: string;
  args: string[];
  status: number;
  /** What it needs, to be sealed. */
  alone?: string[];
}
const programs: Program[] = [
  {
    name: 'tsc',
    main: 'typescript/bin/tsc',
    args: ['--allowImportingTsExtensions', '-p', '.'],
    status: 2,
    alone: ['typescript'],
  },
  {
    name: 'prettier',
    main: 'prettier/bin/prettier.cjs',
    args: ['--check', 'twice.ts'],
    status: 1,
    alone: ['prettier'],
  },
  { name: 'eslint', main: 'eslint/bin/eslint.js', args: ['index.js'], status: 1 },
  {
    name: 'tsx',
    main: 'tsx/dist/cli.mjs',
    args: ['index.ts'],
    status: 0,
    alone: ['tsx', 'esbuild', '@esbuild/linux-x64'],
  },
  {
    name: 'vitest',
    main: 'vitest/vitest.mjs',
    args: ['run', '--reporter=json', '--root', '.'],
    status: 0,
  },
];

/** Without times, and the place where the program is installed. */
function comparable({ status, stdout, stderr }: Outcome, modules: string): object {
  const same = (text: string): string =>
    text
      .replaceAll(modules, 'node_modules')
      .replace(/("(startTime|endTime|duration)":)[\d.]+/g, '$1TIME');
  return { status, stdout: same(stdout), stderr: same(stderr) };
}

describe.for(MAJORS)('on Node %i', (major) => {
  const run = async (
    host: PolicyHost,
    modules: string,
    preloaded: boolean,
    main: string,
    args: string[],
  ) =>
    comparable(
      await host.run({
        file: nodeBinary(major),
        args: [join(modules, main), ...args],
        cwd: join(root, 'project'),
        env: {
          CI: 'true',
          NO_COLOR: '1',
          ...(preloaded ? { NODE_OPTIONS: `--require ${preload}` } : {}),
        },
      }),
      modules,
    );

  test.for(programs)(
    '$name is as without the preload, where nothing is enforced',
    async ({ main, args, status }) => {
      const plain = await run(free, installed, false, main, args);
      expect(plain).toMatchObject({ status });
      expect(await run(free, installed, true, main, args)).toEqual(plain);
    },
  );

  test.for(programs.filter(({ alone }) => alone !== undefined))(
    '$name is refused under both locked securebits, and the same once it is sealed',
    async ({ name, main, args, alone = [] }) => {
      const modules = join(root, `${name}-${major}`, 'node_modules');
      for (const one of alone) {
        cpSync(join(installed, one), join(modules, one), { recursive: true, mode: 0 });
      }
      // Their bin files have x from npm, and load others.
      expect(await run(locked, modules, true, main, args)).toMatchObject({
        stderr: expect.stringContaining('no execute permission') as string,
      });
      expect(await mayexec(['seal', modules])).toMatchObject({ status: 0 });
      expect(await run(locked, modules, true, main, args)).toEqual(
        await run(free, modules, false, main, args),
      );
    },
  );
});
