/**
 * The ways in that an interpreter has, and which of them runs code under each of the four
 * policies.
 */
import { spawnSync } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

import { withPolicy } from '../../src/testing.js';
import { policies } from '../support/policies.js';
import type { Sandbox } from '../support/sandbox.js';

export interface Interpreter {
  readonly program: string;
  readonly extension: string;
  /** Prints `script`. */
  readonly script: string | Uint8Array;
  /** How scripts include others, where they can. */
  readonly includes?: {
    /** Prints what `part` prints. */
    readonly code: string;
    /** The text of `part`, which prints this word. */
    readonly part: (word: string) => string;
    /** The variable with the folders that are searched: the script's own, and a second. */
    readonly searchPath: (own: string, second: string) => Readonly<Record<string, string>>;
  };
  /** What prints `script` behind an option, where there is such a thing. */
  readonly evaluates?: { readonly option: string; readonly code: string };
  /** Other ways from a script with x to the file `refused`, beside it. */
  readonly otherwise?: Readonly<Record<string, string>>;
  /** Scripts with x that get code from no file. */
  readonly fromNoFile?: Readonly<Record<string, string>>;
  /** Scripts with x that use other files as data only, or run only what has x. */
  readonly harmless?: Readonly<Record<string, string>>;
  /** A script that runs what standard input holds. */
  readonly readsStdin?: string;
  /** A variable whose value is code, or names a file of it. */
  readonly variable?: { readonly name: string; readonly code: string; readonly file: string };
}

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
  readonly stdin?: { readonly file: string } | { readonly text: string | Uint8Array };
  readonly prints?: string;
  readonly runs: readonly boolean[];
}

type Put = (name: string, mode: number, text: string) => string;

/** What a search for a file finds, or must not pass over. */
function including(
  { includes, extension }: Interpreter,
  box: Sandbox,
  cwd: string,
  put: Put,
): Way[] {
  if (includes === undefined) return [];
  const folder = extension.slice(1);
  put('second/part', 0o755, includes.part('second'));
  const kinds = [
    ['a file with x', 0o755],
    ['a file without x, and one with x further on', 0o644],
    ['a directory, and a file with x further on', 'directory'],
    ['what is only further on', undefined],
  ] as const;
  return kinds.map(([title, kind]) => {
    const name = title.replaceAll(/\W+/g, '-');
    const args = [put(`${name}/main`, 0o755, includes.code)];
    if (kind === 'directory') box.directory(`${folder}/${name}/part${extension}`);
    else if (kind !== undefined) put(`${name}/part`, kind, includes.part('first'));
    return {
      title: `a script with x that includes ${title}`,
      args,
      cwd,
      env: includes.searchPath(`${cwd}/${name}`, `${cwd}/second`),
      prints: typeof kind === 'number' ? 'first' : 'second',
      runs: kind === 0o644 ? asFile : always,
    };
  });
}

function waysInto(its: Interpreter, box: Sandbox): Way[] {
  const folder = its.extension.slice(1);
  const cwd = box.directory(folder);
  const put = (name: string, mode: number, text: string | Uint8Array): string =>
    box.file(`${folder}/${name}${its.extension}`, mode, text);
  const allowed = put('allowed', 0o755, its.script);
  const refused = put('refused', 0o644, its.script);
  const written = (ways: Interpreter['otherwise'], runs: readonly boolean[]): Way[] =>
    Object.entries(ways ?? {}).map(([title, text]) => ({
      title: `a script with x: ${title}`,
      args: [put(title.replaceAll(/\W+/g, '-'), 0o755, text)],
      cwd,
      runs,
    }));
  return [
    { title: 'a script with x', args: [allowed], runs: always },
    { title: 'a script without x', args: [refused], runs: asFile },
    ...including(its, box, cwd, put),
    { title: 'a file with x on stdin', args: ['-'], stdin: { file: allowed }, runs: always },
    { title: 'a file without x on stdin', args: ['-'], stdin: { file: refused }, runs: asStream },
    { title: 'a pipe on stdin', args: ['-'], stdin: { text: its.script }, runs: asStream },
    ...(its.evaluates === undefined
      ? []
      : [
          {
            title: its.evaluates.option,
            args: [its.evaluates.option, its.evaluates.code],
            runs: asStream,
          },
        ]),
    ...written(its.otherwise, asFile),
    ...written(its.fromNoFile, asStream),
    ...written(its.harmless, always),
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

function started(
  command: readonly [node: string, ...rest: string[]],
  { args, cwd, env, stdin }: Way,
  bits: object,
): unknown {
  const [node, ...rest] = command;
  const fd = stdin !== undefined && 'file' in stdin ? openSync(stdin.file, 'r') : undefined;
  try {
    const { status, stdout, stderr } = withPolicy(bits, () =>
      spawnSync(node, [...rest, ...args], {
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

/** One test for each way into each of them and each policy. */
export function testInterpreters(
  interpreters: readonly Interpreter[],
  box: Sandbox,
  commandOf: (its: Interpreter) => readonly [node: string, ...rest: string[]],
): void {
  describe.each(interpreters.map((its) => [its.program, its] as const))('%s', (_program, its) => {
    const command = commandOf(its);
    const ways = waysInto(its, box);
    describe.each(ways.map((way) => [way.title, way] as const))('%s', (_title, way) => {
      test.each(policies.map(([name, bits], at) => [name, bits, way.runs[at]] as const))(
        'under %s',
        (_name, bits, runs) => {
          expect(started(command, way, bits)).toEqual(
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
}
