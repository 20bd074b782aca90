/**
 * Attacks by a user that can set the environment, or a part of the arguments. Each row makes a
 * program run code that is not approved. Each row is tried on each Node without mayexec, where the
 * code runs, and with mayexec-run. FOLDER stands for the folder of the dropped files. Of these,
 * only `approved.cjs` may run.
 */
import {
  bringingLines,
  clearingLines,
  namedPrograms,
  namingLines,
  snapshotLines,
  valueLines,
} from '../support/clearing-lines.js';
import { firstLines } from '../support/first-lines.js';
import { programsIn } from '../support/programs.js';

export interface Hostile {
  readonly name: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Instead of Node; NODE stands for it in the arguments. */
  readonly file?: string;
  readonly args?: readonly string[];
  readonly argv0?: string;
  /** Approved files that are in the folder, too. */
  readonly files?: Readonly<Record<string, string>>;
  readonly input?: string;
  /** What shows that it ran; default RAN. */
  readonly mark?: string;
  readonly since?: number;
  readonly until?: number;
  /** What mayexec-run does: leaves it out and goes on, or starts nothing. */
  readonly outcome: 'left out' | 'refused';
}

const APPROVED = ['approved.cjs'];
const LISTENS = 'Debugger listening';

/** Ways of writing an option that Node finds wherever it stands. */
const everywhere = (word: string, more: Partial<Hostile> = {}): Hostile[] => [
  { name: `${word} before the script`, args: [word, ...APPROVED], outcome: 'refused', ...more },
  { name: `${word} behind the script`, args: [...APPROVED, word], outcome: 'refused', ...more },
  {
    name: `${word} among the program's arguments`,
    args: [...APPROVED, 'x', word, 'y'],
    outcome: 'refused',
    ...more,
  },
  {
    name: `${word} behind env(1)`,
    file: '/usr/bin/env',
    args: ['NODE', ...APPROVED, word],
    outcome: 'refused',
    ...more,
  },
  {
    name: `${word} in the text of a shell`,
    file: '/bin/sh',
    args: ['-c', `exec NODE approved.cjs ${word}`],
    outcome: 'refused',
    ...more,
  },
];

const CONFIG = '--experimental-config-file=evil.json';
const DEFAULT_CONFIG = '--experimental-default-config-file';
const ENV_FILE = '--env-file=evil.env';

const variables: readonly Hostile[] = [
  { name: 'LD_PRELOAD', env: { LD_PRELOAD: 'FOLDER/dropped.so' } },
  { name: 'LD_AUDIT', env: { LD_AUDIT: 'FOLDER/dropped.so' } },
  { name: 'OPENSSL_CONF', env: { OPENSSL_CONF: 'FOLDER/openssl.cnf' } },
  {
    name: 'GCONV_PATH of a program that converts',
    env: { GCONV_PATH: 'FOLDER' },
    file: '/usr/bin/iconv',
    args: ['-f', 'DROPPED', '-t', 'UTF-8'],
    outcome: 'refused' as const,
  },
  {
    name: 'LD_PRELOAD of a program that is no Node',
    env: { LD_PRELOAD: 'FOLDER/dropped.so' },
    file: '/bin/true',
    args: [],
  },
  {
    name: 'BASH_ENV',
    env: { BASH_ENV: 'FOLDER/evil.sh' },
    file: '/bin/bash',
    args: ['approved.sh'],
  },
  {
    name: 'PROMPT_COMMAND',
    env: { PROMPT_COMMAND: 'echo RAN' },
    file: '/bin/bash',
    args: ['--norc', '-i'],
  },
  {
    name: 'a function of bash',
    env: { 'BASH_FUNC_ls%%': '() { echo RAN; }' },
    file: '/bin/bash',
    args: ['-c', 'ls >/dev/null; type -t ls | grep -q function && echo RAN; exit 0'],
  },
].map((row) => ({ args: APPROVED, outcome: 'left out' as const, ...row }));

const nodeOptions: readonly Hostile[] = [
  '--require=./dropped.cjs',
  '--require ./dropped.cjs',
  '-r ./dropped.cjs',
  '"--require=./dropped.cjs"',
  '--no-warnings --require "./drop\\ped.cjs"',
  '--import=./dropped.mjs',
  '--experimental-loader=./dropped.mjs',
  '--experimental_loader ./dropped.mjs',
  '--loader=./dropped.mjs',
  '--openssl-config=openssl.cnf',
  '--openssl_config openssl.cnf',
  '--snapshot-blob=evil.blob',
].map((text) => ({
  name: `NODE_OPTIONS=${text}`,
  env: { NODE_OPTIONS: text },
  args: APPROVED,
  // What loads a file stays behind the preload, which refuses the file.
  outcome: /(?:-r|--require|--import)\b/.test(text) ? 'refused' : 'left out',
}));

const debuggers: readonly Hostile[] = [
  ...['--inspect-brk', '--inspect_brk', '--inspect-wait', '--inspect-brk-node'].map((option) => ({
    name: option,
    args: [`${option}=127.0.0.1:0`, ...APPROVED],
    mark: LISTENS,
    outcome: 'refused' as const,
  })),
  ...['--inspect', '--inspect-brk', '--inspect_brk', '--inspect-wait'].map((option) => ({
    name: `NODE_OPTIONS=${option}`,
    env: { NODE_OPTIONS: `${option}=127.0.0.1:0` },
    args: APPROVED,
    mark: LISTENS,
    outcome: 'left out' as const,
  })),
];

/** An approved program that starts a Node which waits for a debugger. */
const DEBUGGED = {
  'debugged.cjs': programsIn(new URL('programs/', import.meta.url))('debugged.cjs'),
};

const debuggedChildren = ['--inspect', '--inspect-brk', '--inspect-wait'].flatMap((option) => {
  const word = `${option}=127.0.0.1:0`;
  return [
    [{}, 'NODE', word, ...APPROVED],
    [{}, '/usr/bin/env', 'NODE', word, ...APPROVED],
    [{}, '/bin/sh', '-c', `exec NODE ${word} approved.cjs`],
    [{}, '/bin/bash', '-c', `exec -a other NODE ${word} approved.cjs`],
    [{ NODE_OPTIONS: word }, 'NODE', ...APPROVED],
    [{}, '/usr/bin/env', `NODE_OPTIONS=${word}`, 'NODE', ...APPROVED],
  ].map((words): Hostile => ({
    name: `a child by ${JSON.stringify(words)}`,
    files: DEBUGGED,
    // The program puts its own Node there.
    args: ['debugged.cjs', JSON.stringify(words)],
    mark: LISTENS,
    outcome: 'refused',
  }));
});

/** The name that bash gives a program. Node looks for some options in its own name. */
const otherNames = [
  'other NODE --build-snapshot dropped.cjs',
  ...[CONFIG, DEFAULT_CONFIG, ENV_FILE, '--env-file-if-exists=evil.env'].map(
    (name) => `${name} NODE approved.cjs`,
  ),
].map((words): Hostile => ({
  name: `exec -a ${words}`,
  file: '/bin/bash',
  args: ['-c', `exec -a ${words}`],
  outcome: 'refused',
}));

/** A script without preloads, by each name that a Node goes by. */
const names: readonly Hostile[] = [
  { name: 'Node', args: ['--build-snapshot', 'dropped.cjs'] },
  { name: 'Node with underscores', args: ['--build_snapshot', 'dropped.cjs'] },
  { name: 'a symbolic link', file: 'FOLDER/program', args: ['--build-snapshot', 'dropped.cjs'] },
  { name: 'a hard link', file: 'FOLDER/hard', args: ['--build-snapshot', 'dropped.cjs'] },
  { name: 'the file of a process', file: 'PROCESS', args: ['--build-snapshot', 'dropped.cjs'] },
  { name: 'env(1)', file: '/usr/bin/env', args: ['NODE', '--build-snapshot', 'dropped.cjs'] },
  {
    name: 'env(1) with a variable',
    file: '/usr/bin/env',
    args: ['A=1', 'NODE', '--build-snapshot', 'dropped.cjs'],
  },
  {
    name: 'env -S',
    file: '/usr/bin/env',
    args: ['-S', 'NODE --build-snapshot dropped.cjs'],
  },
  { name: 'a shell', file: '/bin/sh', args: ['-c', 'NODE --build-snapshot dropped.cjs'] },
  {
    name: "a shell's exec, behind another command",
    file: '/bin/sh',
    args: ['-c', 'cd .; exec "NODE" --build-snapshot dropped.cjs'],
  },
  {
    name: 'timeout(1)',
    file: '/usr/bin/timeout',
    args: ['9', 'NODE', '--build-snapshot', 'dropped.cjs'],
  },
  { name: 'nice(1)', file: '/usr/bin/nice', args: ['NODE', '--build-snapshot', 'dropped.cjs'] },
].map((row) => ({ ...row, name: `--build-snapshot by ${row.name}`, outcome: 'refused' as const }));

const options: readonly Hostile[] = [
  { name: '--snapshot-blob', args: ['--snapshot-blob=evil.blob', ...APPROVED] },
  { name: '--snapshot-blob in two words', args: ['--snapshot-blob', 'evil.blob', ...APPROVED] },
  {
    name: '--snapshot-blob behind another option and its value',
    args: ['--conditions', 'x', '--snapshot-blob', 'evil.blob', ...APPROVED],
  },
  {
    name: '--openssl-config behind --print and its code',
    args: ['-p', '1', '--openssl-config=openssl.cnf'],
  },
  { name: '--openssl-config', args: ['--openssl-config=openssl.cnf', ...APPROVED] },
  { name: '--experimental-loader', args: ['--experimental-loader=./dropped.mjs', ...APPROVED] },
  {
    name: '--expose-internals',
    files: { 'internals.cjs': `require('internal/util');\nconsole.log('RAN');\n` },
    args: ['--expose-internals', 'internals.cjs'],
  },
  ...['--test-isolation=none', '--experimental-test-isolation=none'].flatMap((isolation) => [
    {
      name: `the global setup of tests with ${isolation}`,
      args: ['--test', isolation, '--test-global-setup=./dropped.cjs', ...APPROVED],
      since: 24,
    },
    {
      name: `a reporter of tests with ${isolation}`,
      args: ['--test', isolation, '--test-reporter=./dropped.mjs', ...APPROVED],
      since: 24,
    },
  ]),
  {
    name: 'an option of V8 by one dash',
    args: ['-allow_natives_syntax', '-p', '%IsSmi(1) && "RAN"'],
  },
].map((row) => ({ ...row, outcome: 'refused' as const }));

/** Node by the first line of a script. */
const scripts = firstLines.map(({ name, scripts: files, command: [file, ...args] }): Hostile => ({
  name: `a script ${name}`,
  files,
  file,
  args,
  outcome: 'refused',
}));

/** Node behind another program. */
const behind = [...clearingLines, ...snapshotLines, ...bringingLines, ...valueLines].map(
  ([file, ...args]): Hostile => ({
    name: `a Node by ${JSON.stringify([file, ...args])}`,
    file,
    args,
    outcome: 'refused',
  }),
);

/** Variables that become words in the text of a shell: [value of X, text, or words of env(1)]. */
const values = [
  ['--build-snapshot', 'NODE $X dropped.cjs'],
  ['--build-snapshot', 'NODE --no-warnings "${X}" dropped.cjs'],
  ['snapshot', 'NODE --build-$X dropped.cjs'],
  ['-i', 'env $X NODE dropped.cjs'],
  ['env -i', '$X NODE dropped.cjs'],
  ['NODE_OPTIONS', 'unset $X; NODE dropped.cjs'],
  ['LD_PRELOAD', 'export $X=./dropped.so; NODE approved.cjs'],
  ['LD_PRELOAD=./dropped.so', 'env $X NODE approved.cjs'],
  ['FOLDER/program --build-snapshot dropped.cjs', 'eval "$X"'],
  ['FOLDER/program', '"$X" --build-snapshot dropped.cjs'],
  ['FOLDER/program', 'env -i $X dropped.cjs'],
].map(([value = '', text = '']): Hostile => ({
  name: `'${value}' in ${text}`,
  env: { X: value },
  file: '/bin/sh',
  args: ['-c', text],
  outcome: 'refused',
}));
/** A login has an environment of its own. */
const logins = [
  ['/usr/bin/su', '-', '-c', 'cd FOLDER; NODE dropped.cjs'],
  ['/usr/bin/su', '--log', '-c', 'cd FOLDER; NODE dropped.cjs'],
  ['/usr/bin/su', '-lc', 'cd FOLDER; NODE dropped.cjs'],
  ['/usr/bin/su', '-c', 'cd FOLDER; NODE dropped.cjs', '-'],
  ['/bin/sh', '-c', 'su - -c "cd FOLDER; NODE dropped.cjs"'],
].map(([file = '', ...args]): Hostile => ({
  name: `a Node by ${JSON.stringify([file, ...args])}`,
  file,
  args,
  outcome: 'refused',
}));
const valuesOfEnv = ['${X} NODE dropped.cjs', '-i${UNSET} NODE ${X}'].map((text): Hostile => ({
  name: `'-i' in env -S '${text}'`,
  env: { X: text.startsWith('$') ? '-i' : 'dropped.cjs' },
  file: '/usr/bin/env',
  args: ['-S', text],
  outcome: 'refused',
}));

/** Node by a name that it takes for an option. */
const named = namingLines.map(([file, ...args]): Hostile => ({
  name: `a Node by ${JSON.stringify([file, ...args])}`,
  file,
  args,
  files: namedPrograms,
  outcome: 'refused',
}));

/** Words of other programs that are hard to read. */
const unusual: readonly Hostile[] = [
  {
    name: 'a Node by a path with a space, behind env(1)',
    file: '/usr/bin/env',
    args: ['FOLDER/a b/node', '--build-snapshot', 'dropped.cjs'],
    outcome: 'refused',
  },
  ...[
    `'./a b/node' --build-snapshot dropped.cjs`,
    './a" "b/node --build-snapshot dropped.cjs',
    './a\\ b/node --build-snapshot dropped.cjs',
    `NODE_OPTIONS= "FOLDER/a b/node" dropped.cjs`,
    `LD_PRELOAD=./dropped.so "./a b/node" approved.cjs`,
  ].map((text): Hostile => ({
    name: `a Node by a path in quotes: ${text}`,
    file: '/bin/sh',
    args: ['-c', text],
    outcome: 'refused',
  })),
  ...[
    `'./a b/node' --build-snapshot dropped.cjs`,
    '"./a\\_b/node" --build-snapshot dropped.cjs',
  ].map((text): Hostile => ({
    name: `a Node by a path in quotes for env -S: ${text}`,
    file: '/usr/bin/env',
    args: ['-S', text],
    outcome: 'refused',
  })),
  ...['./NODE_OPTIONS/node', 'LD_X=y/node'].map((path): Hostile => ({
    name: `a Node by the path ${path}`,
    file: '/usr/bin/timeout',
    args: ['9', path, '--build-snapshot', 'dropped.cjs'],
    outcome: 'refused',
  })),
  {
    name: 'an empty environment by a word of 5,000 bytes in the text of a shell',
    file: '/bin/sh',
    args: ['-c', `env -${'v'.repeat(5000)}i NODE dropped.cjs`],
    outcome: 'refused',
  },
];

export const hostile: readonly Hostile[] = [
  ...behind,
  ...logins,
  ...values,
  ...valuesOfEnv,
  ...named,
  ...scripts,
  ...unusual,
  ...variables,
  ...nodeOptions,
  ...debuggers,
  ...debuggedChildren,
  ...otherNames,
  ...names,
  ...options,
  ...everywhere(CONFIG),
  { name: `${CONFIG} behind --`, args: [...APPROVED, '--', CONFIG], outcome: 'refused' },
  {
    name: '--experimental-config-file in two words, behind --',
    args: [...APPROVED, '--', '--experimental-config-file', 'evil.json'],
    outcome: 'refused',
  },
  ...everywhere(DEFAULT_CONFIG),
  {
    name: `${DEFAULT_CONFIG} behind --`,
    args: [...APPROVED, '--', DEFAULT_CONFIG],
    outcome: 'refused',
  },
  {
    name: `a word that begins with ${DEFAULT_CONFIG}`,
    args: [...APPROVED, '--', `${DEFAULT_CONFIG}X`],
    until: 22,
    outcome: 'refused',
  },
  ...everywhere(ENV_FILE),
  ...everywhere('--env-file-if-exists=evil.env'),
  {
    name: '--env-file in two words, behind the script',
    args: [...APPROVED, '--env-file', 'evil.env'],
    outcome: 'refused',
  },
];
