/**
 * The published interpreters of examples/, each with its lines of mayexec: every way in
 * that it has, under each of the four policies.
 */
import { spawnSync } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { delimiter } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

import { withPolicy } from '../src/testing.js';
import { sandbox } from './support/sandbox.js';

interface Interpreter {
  /** Of examples/. */
  readonly program: string;
  readonly extension: string;
  /** Prints `script`. */
  readonly script: string;
  /** Prints what `part` prints. */
  readonly including: string;
  /** What the including script names, and its text, which prints this word. */
  readonly part: (word: string) => string;
  /** The variable with the folders that are searched after the script's own. */
  readonly searchPath: (folder: string) => Readonly<Record<string, string>>;
  /** What prints `script` behind -e, where there is such a thing. */
  readonly evaluates?: string;
  /** Other ways from a script with x to the file `refused`, beside it. */
  readonly otherwise?: Readonly<Record<string, string>>;
  /** A script that runs what standard input holds. */
  readonly readsStdin?: string;
  /** A variable whose value is code, or names a file of it. */
  readonly variable?: { readonly name: string; readonly code: string; readonly file: string };
}

const lua = (folder: string): string => `${folder}/?.lua`;

const interpreters: readonly Interpreter[] = [
  {
    program: 'fengari/lua.mjs',
    extension: '.lua',
    script: `#!/usr/bin/env lua\nprint 'script'`,
    including: `require 'part'`,
    part: (word) => `print '${word}'`,
    searchPath: (folder) => ({ LUA_PATH: `${lua('.')};${lua(folder)}` }),
    evaluates: `print 'script'`,
    otherwise: { dofile: `dofile 'refused.lua'`, loadfile: `assert(loadfile 'refused.lua')()` },
    readsStdin: 'dofile()',
    variable: { name: 'LUA_INIT', code: `print 'script' os.exit(0)`, file: '@' },
  },
  {
    program: 'coffeescript/coffee.mjs',
    extension: '.coffee',
    script: `say = (word) -> console.log word\nsay 'script'`,
    including: `require 'part'`,
    part: (word) => `console.log '${word}'`,
    searchPath: (folder) => ({ NODE_PATH: ['.', folder].join(delimiter) }),
    evaluates: `console.log 'script'`,
  },
  {
    program: 'nunjucks/render.mjs',
    extension: '.njk',
    script: `{% set word = 'script' %}{{ word }}\n`,
    including: `{% include 'part.njk' ignore missing %}`,
    part: (word) => `${word}\n`,
    searchPath: (folder) => ({ TEMPLATE_PATH: folder }),
    otherwise: { extends: `{% extends 'refused.njk' %}` },
  },
  {
    program: 'handlebars/render.mjs',
    extension: '.hbs',
    script: `{{#*inline 'own'}}script{{/inline}}{{> own}}\n`,
    including: `{{#> part}}nothing{{/part}}`,
    part: (word) => `${word}\n`,
    searchPath: (folder) => ({ PARTIAL_PATH: folder }),
  },
  {
    program: 'tasks/tasks.mjs',
    extension: '.yaml',
    script: 'tasks: { default: { run: echo script } }',
    including: 'include: [part]',
    part: (word) => `tasks: { default: { run: echo ${word} } }`,
    searchPath: (folder) => ({ TASKS_PATH: folder }),
  },
];

const policies = [
  ['no securebit', {}],
  ['RESTRICT_FILE', { restrictFile: true }],
  ['DENY_INTERACTIVE', { denyInteractive: true }],
  ['both', { restrictFile: true, denyInteractive: true }],
] as const;
const always = [true, true, true, true];
const asFile = [true, false, true, false];
const asStream = [true, true, false, false];

/** One way in: what the program is given, what it prints if it runs, and whether it does. */
interface Way {
  readonly title: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** A file that is standard input, or what a pipe to it holds. */
  readonly stdin?: { readonly file: string } | { readonly text: string };
  readonly prints?: string;
  readonly runs: readonly boolean[];
}

const box = sandbox();

function waysInto(its: Interpreter): Way[] {
  const folder = its.extension.slice(1);
  const put = (name: string, mode: number, text: string): string =>
    box.file(`${folder}/${name}${its.extension}`, mode, text);
  const allowed = put('allowed', 0o755, its.script);
  const refused = put('refused', 0o644, its.script);
  const second = box.directory(`${folder}/second`);
  put('second/part', 0o755, its.part('second'));
  const including = (title: string, kind: number | 'directory' | undefined): Way => {
    const name = title.replaceAll(' ', '-');
    const args = [put(`${name}/main`, 0o755, its.including)];
    if (kind === 'directory') box.directory(`${folder}/${name}/part${its.extension}`);
    else if (kind !== undefined) put(`${name}/part`, kind, its.part('first'));
    return {
      title: `a script with x that includes ${title}`,
      args,
      cwd: box.path(`${folder}/${name}`),
      env: its.searchPath(second),
      prints: typeof kind === 'number' ? 'first' : 'second',
      runs: kind === 0o644 ? asFile : always,
    };
  };
  return [
    { title: 'a script with x', args: [allowed], runs: always },
    { title: 'a script without x', args: [refused], runs: asFile },
    including('a file with x', 0o755),
    including('a file without x, and one with x further on', 0o644),
    including('a directory, and a file with x further on', 'directory'),
    including('what is only further on', undefined),
    { title: 'a file with x on stdin', args: ['-'], stdin: { file: allowed }, runs: always },
    { title: 'a file without x on stdin', args: ['-'], stdin: { file: refused }, runs: asStream },
    { title: 'a pipe on stdin', args: ['-'], stdin: { text: its.script }, runs: asStream },
    ...(its.evaluates === undefined
      ? []
      : [{ title: '-e', args: ['-e', its.evaluates], runs: asStream }]),
    ...Object.entries(its.otherwise ?? {}).map(([title, text]) => ({
      title: `a script with x that takes a file without x by ${title}`,
      args: [put(title, 0o755, text)],
      cwd: box.path(folder),
      runs: asFile,
    })),
    ...(its.readsStdin === undefined
      ? []
      : [
          {
            title: 'a script with x that reads code from stdin',
            args: [put('reads-stdin', 0o755, its.readsStdin)],
            stdin: { text: its.script },
            runs: asStream,
          },
        ]),
    ...(its.variable === undefined
      ? []
      : [
          {
            title: `code in ${its.variable.name}`,
            args: [allowed],
            env: { [its.variable.name]: its.variable.code },
            runs: asStream,
          },
          {
            title: `a file without x in ${its.variable.name}`,
            args: [put('empty', 0o755, '')],
            env: { [its.variable.name]: its.variable.file + refused },
            runs: asFile,
          },
        ]),
  ];
}

function started(program: string, { args, cwd, env, stdin }: Way, bits: object): unknown {
  const fd = stdin !== undefined && 'file' in stdin ? openSync(stdin.file, 'r') : undefined;
  try {
    const { status, stdout, stderr } = withPolicy(bits, () =>
      spawnSync(process.execPath, [program, ...args], {
        encoding: 'utf8',
        cwd,
        env: { ...process.env, ...env },
        stdio: [fd ?? 'pipe', 'pipe', 'pipe'],
        ...(stdin !== undefined && 'text' in stdin ? { input: stdin.text } : {}),
      }),
    );
    return { status, stdout, stderr };
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

describe.each(interpreters.map((its) => [its.program, its] as const))('examples/%s', (_, its) => {
  const program = fileURLToPath(new URL(`../examples/${its.program}`, import.meta.url));
  const ways = waysInto(its);
  describe.each(ways.map((way) => [way.title, way] as const))('%s', (_title, way) => {
    test.each(policies.map(([name, bits], at) => [name, bits, way.runs[at]] as const))(
      'under %s',
      (_name, bits, runs) => {
        expect(started(program, way, bits)).toEqual(
          runs === true
            ? { status: 0, stdout: `${way.prints ?? 'script'}\n`, stderr: '' }
            : {
                status: 1,
                stdout: '',
                stderr: expect.stringMatching(/^\w+: .*EACCES: permission denied/s) as string,
              },
        );
      },
    );
  });
});
