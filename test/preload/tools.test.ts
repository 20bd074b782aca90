/**
 * The tools of examples/ that load their users' JavaScript, each with its lines of mayexec:
 * every way in that it has, under each of the four policies. On one Node, for the hooks
 * themselves are tried on each of them (modules.test.ts).
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect } from 'vitest';

import { needs } from '../support/kernel.js';
import { sandbox } from '../support/sandbox.js';
import { PolicyHost, type Outcome } from './policy-host.js';
import { nodeBinary } from './versions.js';

const example = (name: string): string =>
  fileURLToPath(new URL(`../../examples/${name}`, import.meta.url));
const box = sandbox();

const policies = [
  ['no securebit', {}],
  ['RESTRICT_FILE', { restrictFile: true }],
  ['DENY_INTERACTIVE', { denyInteractive: true }],
  ['both', { restrictFile: true, denyInteractive: true }],
] as const;
const hosts = policies.map(([, bits]) => new PolicyHost(bits));
afterAll(() => {
  for (const host of hosts) host.close();
});

const always = [true, true, true, true];
const asFile = [true, false, true, false];
const asStream = [true, true, false, false];

/** One way in: the files of a folder, what the tool is given in it, and whether that runs. */
interface Way {
  readonly title: string;
  readonly args: readonly string[];
  /** Mode and text, by name. */
  readonly files?: Readonly<Record<string, readonly [mode: number, text: string]>>;
  /** A file that is standard input, or what a pipe to it holds. */
  readonly stdin?: { readonly file: string } | { readonly text: string };
  readonly runs: readonly boolean[];
}

const X = 0o755;
const NONE = 0o644;
const COMMONJS = `console.log('script');`;
const MODULE = `import 'node:path'; console.log('script');`;

/** A file that is run by its name, with x and without. */
const script = (name: string, text: string, given = [name]): Way[] => [
  { title: `${name} with x`, args: given, files: { [name]: [X, text] }, runs: always },
  { title: `${name} without x`, args: given, files: { [name]: [NONE, text] }, runs: asFile },
];

/** What has x loads another file, with x and without. */
const loads = (title: string, name: string, text: string, part: string, given = [name]): Way[] =>
  [X, NONE].map((mode) => ({
    title: `${name} with x that loads ${title} ${mode === X ? 'with' : 'without'} x`,
    args: given,
    files: {
      [name]: [X, text],
      [part]: [mode, part.endsWith('.cjs') || part.endsWith('.js') ? COMMONJS : MODULE],
    },
    runs: mode === X ? always : asFile,
  }));

const jiti: Way[] = [
  ...script('script.ts', `const word: string = 'script'; console.log(word);`),
  ...script('script.cts', `const word: string = 'script'; console.log(word);`),
  ...script('script.mjs', MODULE),
  ...script('script.cjs', COMMONJS),
  ...script('script.js', MODULE),
  ...loads('JavaScript', 'main.ts', `import './part.js';`, 'part.js'),
  ...loads('TypeScript', 'main.ts', `import './part';`, 'part.ts'),
  ...loads('a module', 'main.ts', `await import('./part.mjs');`, 'part.mjs'),
  ...loads('CommonJS', 'main.ts', `require('./part.cjs');`, 'part.cjs'),
  ...loads('TypeScript', 'main.mjs', `import 'node:path'; import './part.mts';`, 'part.mts'),
];

const TASK = `task('default', () => console.log('script'));`;
const jake: Way[] = [
  ...script('Jakefile', TASK, []),
  ...script('Jakefile.js', TASK, []),
  ...script('jakefile.cjs', TASK, []),
  ...script('tasks.js', TASK, ['-f', 'tasks.js']),
  ...loads(
    'a part of it',
    'Jakefile.js',
    `require('./part.cjs'); task('default');`,
    'part.cjs',
    [],
  ),
  ...loads('a module', 'Jakefile.js', `require('./part.mjs'); task('default');`, 'part.mjs', []),
  ...script('jakelib/more.js', TASK, []),
];

const zx: Way[] = [
  ...script('script.mjs', `console.log((await $\`echo script\`).stdout.trim());`),
  ...script('script.ts', `console.log((await $\`echo script\`).stdout.trim() as string);`),
  ...script('script.cjs', COMMONJS),
  ...script('script', `#!/usr/bin/env zx\nawait 1; ${MODULE}`),
  ...script('script.md', `# Title\n\n\`\`\`js\nconsole.log('script');\n\`\`\`\n`),
  ...loads('a module', 'main.mjs', `import './part.mjs';`, 'part.mjs'),
  ...loads('a module', 'main', `await import('./part.mjs');`, 'part.mjs'),
  ...loads('CommonJS', 'main', `require('./part.cjs');`, 'part.cjs'),
  { title: '-e', args: ['-e', `await 1; ${MODULE}`], runs: asStream },
  { title: 'a pipe on stdin', args: ['-'], stdin: { text: MODULE }, runs: asStream },
  {
    title: 'a file with x on stdin',
    args: ['-'],
    files: { script: [X, MODULE] },
    stdin: { file: 'script' },
    runs: always,
  },
  {
    title: 'a file without x on stdin',
    args: ['-'],
    files: { script: [NONE, MODULE] },
    stdin: { file: 'script' },
    runs: asStream,
  },
  {
    title: '-e that loads a file without x',
    args: ['-e', `await import('./part.mjs');`],
    files: { 'part.mjs': [NONE, MODULE] },
    runs: [true, false, false, false],
  },
];

let folders = 0;

function makeFolder(files: Way['files'] = {}): string {
  const folder = box.directory(`way-${++folders}`);
  for (const [name, [mode, text]] of Object.entries(files)) {
    box.file(`way-${folders}/${name}`, mode, text);
  }
  return folder;
}

async function run(tool: string, { args, stdin }: Way, cwd: string, at: number): Promise<Outcome> {
  const host = hosts[at];
  if (host === undefined) throw new Error(`there is no policy ${at}`);
  return host.run({
    file: nodeBinary(24),
    args: ['--no-warnings', example(tool), ...args],
    cwd,
    ...(stdin === undefined ? {} : 'file' in stdin ? { stdinFile: join(cwd, stdin.file) } : {}),
    input: stdin !== undefined && 'text' in stdin ? stdin.text : undefined,
  });
}

describe.each([
  ['jiti/jiti.mjs', jiti],
  ['jake/jake.mjs', jake],
  ['zx/zx.mjs', zx],
])('examples/%s', (tool, ways) => {
  describe.each(ways.map((way) => [way.title, way] as const))('%s', (_title, way) => {
    const folder = makeFolder(way.files);
    for (const [at, [policy]] of policies.entries()) {
      const runs = way.runs[at] === true;
      needs('execveCheck')(`${runs ? 'runs' : 'is refused'} under ${policy}`, async () => {
        const { status, stdout, stderr } = await run(tool, way, folder, at);
        expect({ status, stdout, stderr }).toEqual(
          runs
            ? { status: 0, stdout: expect.stringMatching(/^script$/m) as string, stderr: '' }
            : {
                status: 1,
                stdout: '',
                stderr: expect.stringMatching(/^\w+: EACCES: permission denied/) as string,
              },
        );
      });
    }
  });
});

describe("jiti's cache of what it has compiled", () => {
  const folder = makeFolder({
    'script.ts': [X, `const word: string = 'script'; console.log(word);`],
  });
  box.directory(`way-${folders}/node_modules/.cache/jiti`);
  const cache = join(folder, 'node_modules/.cache/jiti');
  const cli = fileURLToPath(import.meta.resolve('jiti/package.json')).replace(
    /package\.json$/,
    'lib/jiti-cli.mjs',
  );
  const plain = (): string =>
    execFileSync(nodeBinary(24), [cli, 'script.ts'], { cwd: folder, encoding: 'utf8' });

  needs('execveCheck')('is run by jiti itself, whoever wrote it', () => {
    expect(plain()).toBe('script\n');
    for (const name of readdirSync(cache)) {
      const file = join(cache, name);
      writeFileSync(file, readFileSync(file, 'utf8').replaceAll("'script'", "'cached'"));
      chmodSync(file, NONE);
    }
    expect(plain()).toBe('cached\n');
  });
  for (const [at, [policy]] of policies.entries()) {
    needs('execveCheck')(`is not run by the example under ${policy}`, async () => {
      const way = { title: '', args: ['script.ts'], runs: always };
      expect(await run('jiti/jiti.mjs', way, folder, at)).toMatchObject({
        stdout: 'script\n',
        stderr: '',
      });
    });
  }
});

describe('a Jakefile in another language', () => {
  const folder = makeFolder({ 'Jakefile.coffee': [NONE, `task 'default', -> console.log 'ran'`] });
  for (const [at, [policy]] of policies.entries()) {
    needs('execveCheck')(`is not read under ${policy}`, async () => {
      const way = { title: '', args: [], runs: always };
      const { status, stdout } = await run('jake/jake.mjs', way, folder, at);
      expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    });
  }
});
