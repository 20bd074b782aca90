/**
 * Whoever looks at an option of Node gives the same answer about it: the start of a
 * process, what a program starts, mayexec-run, mayexec build-node and its executable.
 * Where one of them refuses more, DIFFERENCES says why.
 */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { afterAll, describe, expect } from 'vitest';

import { launcher, preload } from '../support/built.js';
import {
  FLAGS,
  parseCommandLine,
  refusedForGood,
  VALUES,
} from '../../src/executable/command-line.js';
import { GATES } from '../../src/preload/guard/gates.js';
import { everyOption, type OptionRow } from '../../src/tables/options.js';
import { PolicyHost } from '../preload/policy-host.js';
import { MAJORS, nodeBinary } from '../preload/versions.js';
import { needs } from '../support/kernel.js';
import { sandbox } from '../support/sandbox.js';

const box = sandbox();
const source = fileURLToPath(new URL('programs/asked.cjs', import.meta.url));
const program = box.file('asked.cjs', 0o755, readFileSync(source));
const empty = box.file('empty.cjs', 0o755, '');
/** For mayexec-run a Node, by its name. */
const namedNode = box.file('node', 0o755, readFileSync('/bin/true'));

const both = new PolicyHost({ restrictFile: true, denyInteractive: true });
afterAll(() => {
  both.close();
});

interface Given {
  readonly row: OptionRow;
  readonly name: string;
  readonly words: string[];
}

/** Each name of each row, with a value where it takes one. */
const given: readonly Given[] = everyOption().flatMap((row) =>
  [row.name, ...row.aliases].map((name) => {
    const inOneWord = name.startsWith('--') ? [`${name}=x`] : [name, 'x'];
    return { row, name, words: row.value === 'required' ? inOneWord : [name] };
  }),
);
const asked = box.file('asked.json', 0o644, JSON.stringify(given.map(({ words }) => words)));

/** The gates that are open, where --strict is given at all. */
interface Strictness {
  readonly name: string;
  readonly open: readonly string[] | undefined;
}
const strictnesses: readonly Strictness[] = [
  { name: 'without --strict', open: undefined },
  { name: 'with --strict', open: [] },
  { name: 'with --strict and every gate open', open: GATES },
];

const isClosed = (gate: string | undefined, { open }: Strictness): boolean =>
  open !== undefined && (gate === undefined || !open.includes(gate));

/** What the table makes of a row under both securebits. */
function isRefused({ effect, gate }: OptionRow, strictness: Strictness): boolean {
  if (effect === 'weakens-strict') return isClosed(gate, strictness);
  // What these two bring in is checked, and refused, when it is about to run.
  return !['harmless', 'loads-checked', 'interactive'].includes(effect);
}

/** Of what is not harmless, that with which Node comes as far as its first script. */
const REFUSED_AT_START = [
  '--experimental-test-module-mocks',
  '--experimental-vm-modules',
  '--no-disallow-code-generation-from-strings',
  '--allow-unsafe-function-constructor',
  '--experimental-shadow-realm',
  '--experimental-web-worker',
  '--experimental-vfs',
  '--no-addons',
  '--expose-internals',
  '--no-disable-sigusr1',
  '--openssl-shared-config',
  '--harmony-shadow-realm',
  '--allow-natives-syntax',
  '--inspector-live-edit',
];

interface Difference {
  readonly of: (row: OptionRow) => boolean;
  readonly why: string;
}
/** What a place refuses beyond the table, and why. */
const DIFFERENCES: Readonly<Record<string, readonly Difference[]>> = {
  'build-node': [
    {
      of: ({ effect }) => effect === 'loads-checked',
      why: 'Node would load the file before the main script, which is the preload.',
    },
    {
      of: ({ effect, ownProgram }) => effect === 'interactive' || ownProgram === true,
      why: 'For good, the executable would run nothing but that.',
    },
  ],
  executable: [
    {
      of: ({ name }) => !Object.hasOwn(FLAGS, name) && !Object.hasOwn(VALUES, name),
      why: 'Node reads its options before the main script: it must have been given to build-node.',
    },
  ],
};

/** Names whose answer is another than the table's. */
function wrong(place: string, answers: readonly boolean[], strictness: Strictness): string[] {
  return given
    .filter(({ row }, at) => {
      const differs = DIFFERENCES[place]?.some(({ of }) => of(row)) === true;
      return answers[at] !== (isRefused(row, strictness) || differs);
    })
    .map(({ name }) => name);
}

const run = promisify(execFile);

describe.for(strictnesses)('$name', (strictness) => {
  const { open } = strictness;
  const strictEnv: Record<string, string> =
    open === undefined ? {} : { MAYEXEC_STRICT: '1', MAYEXEC_STRICT_ALLOW: open.join(',') };
  const nodeOptions =
    open?.length === 0
      ? `--require ${preload} --disallow-code-generation-from-strings`
      : `--require ${preload}`;
  const env = { ...strictEnv, NODE_OPTIONS: nodeOptions };

  for (const major of MAJORS) {
    needs('execveCheck')(`children and Workers of Node ${major} agree`, async () => {
      const { stdout, stderr } = await both.run({
        file: nodeBinary(major),
        args: [program, asked],
        env,
      });
      expect(stdout, stderr).not.toBe('');
      const answers = JSON.parse(stdout) as Record<string, boolean[]>;
      expect(Object.keys(answers)).toHaveLength(4);
      for (const [place, said] of Object.entries(answers)) {
        expect(wrong(place, said, strictness), place).toEqual([]);
      }
    });
  }

  for (const major of MAJORS) {
    needs('execveCheck')(`the start of Node ${major} agrees`, async () => {
      const starts = given.filter(({ row }) => REFUSED_AT_START.includes(row.name));
      expect(starts.length).toBeGreaterThanOrEqual(REFUSED_AT_START.length);
      for (const { row, name, words } of starts) {
        const { status, stderr } = await both.run({
          file: nodeBinary(major),
          args: [...words, empty],
          env,
        });
        // This Node has no such option.
        if (status === 9) continue;
        expect(stderr.includes('mayexec: '), `${name}: ${stderr}`).toBe(isRefused(row, strictness));
      }
    });
  }

  needs('execveCheck')('mayexec-run agrees', async () => {
    const strictWords =
      open === undefined ? [] : ['--strict', ...open.flatMap((gate) => ['--allow', gate])];
    const answers: boolean[] = [];
    for (const { words } of given) {
      const said = await run(launcher, [...strictWords, '--', namedNode, ...words]).then(
        () => false,
        (error: unknown) => {
          const { code, stderr } = error as { code: number; stderr: string };
          expect(stderr).toMatch(/^mayexec: /);
          return code === 126;
        },
      );
      answers.push(said);
    }
    expect(wrong('mayexec-run', answers, strictness)).toEqual([]);
  });

  needs('execveCheck')('build-node and its executable agree', () => {
    const forGood = given.map(
      ({ name }) => refusedForGood(name, (gate) => isClosed(gate, strictness)) !== undefined,
    );
    expect(wrong('build-node', forGood, strictness)).toEqual([]);
    const onCommandLine = given.map(({ words }) => {
      try {
        parseCommandLine([...words, 'x.cjs']);
        return false;
      } catch {
        return true;
      }
    });
    expect(wrong('executable', onCommandLine, strictness)).toEqual([]);
  });
});
