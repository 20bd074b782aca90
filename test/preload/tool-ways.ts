/**
 * The tools of examples/ that load their users' JavaScript: every way in that each has, and
 * under which of the four policies it runs.
 */
import { fileURLToPath } from 'node:url';

export const example = (name: string): string =>
  fileURLToPath(new URL(`../../examples/${name}`, import.meta.url));

export const always = [true, true, true, true];
const asFile = [true, false, true, false];
const asStream = [true, true, false, false];

/** One way in: the files of a folder, what the tool is given in it, and whether that runs. */
export interface ToolWay {
  readonly title: string;
  readonly args: readonly string[];
  /** Mode and text, by name. */
  readonly files?: Readonly<Record<string, readonly [mode: number, text: string]>>;
  /** A file that is standard input, or what a pipe to it holds. */
  readonly stdin?: { readonly file: string } | { readonly text: string };
  /** With no securebit, RESTRICT_FILE, DENY_INTERACTIVE, both. */
  readonly runs: readonly boolean[];
}

export const X = 0o755;
export const NONE = 0o644;
const COMMONJS = `console.log('script');`;
const MODULE = `import 'node:path'; console.log('script');`;

/** A file that is run by its name, with x and without. */
const script = (name: string, text: string, given = [name]): ToolWay[] => [
  { title: `${name} with x`, args: given, files: { [name]: [X, text] }, runs: always },
  { title: `${name} without x`, args: given, files: { [name]: [NONE, text] }, runs: asFile },
];

/** What has x loads another file, with x and without. */
const loads = (
  title: string,
  name: string,
  text: string,
  part: string,
  given = [name],
): ToolWay[] =>
  [X, NONE].map((mode) => ({
    title: `${name} with x that loads ${title} ${mode === X ? 'with' : 'without'} x`,
    args: given,
    files: {
      [name]: [X, text],
      [part]: [mode, part.endsWith('.cjs') || part.endsWith('.js') ? COMMONJS : MODULE],
    },
    runs: mode === X ? always : asFile,
  }));

const jiti: ToolWay[] = [
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
const jake: ToolWay[] = [
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

const zx: ToolWay[] = [
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

/** By the file of the tool. */
export const tools: readonly (readonly [tool: string, ways: readonly ToolWay[]])[] = [
  ['jiti/jiti.mjs', jiti],
  ['jake/jake.mjs', jake],
  ['zx/zx.mjs', zx],
];
