/**
 * Ways through the options, the environment and the arguments of a process that the program starts.
 * The programs are in options/. The first line of each says what it does.
 */
import { programsIn } from '../../support/programs.js';
import type { Major } from '../versions.js';
import type { WayIn } from '../ways-in.js';

const text = programsIn(new URL('options/', import.meta.url));

/** Files beside the program, with any mode. */
const beside: Record<string, string> = {
  'empty.cjs': '',
  'snapshot.json': '{"builder":"dropped.cjs"}',
  'options.json': '{"nodeOptions":{"require":["./dropped.cjs"]}}',
};

const way = (
  name: string,
  file: string,
  args: readonly string[],
  more: Partial<WayIn> = {},
): WayIn => ({
  name,
  kind: 'either',
  args: [file, ...args],
  files: { [file]: text(file), ...beside },
  ...more,
});

const start = (
  name: string,
  how: string,
  words: readonly string[],
  options: object = {},
  since: Major = 22,
): WayIn =>
  way(`${how}: ${name}`, 'start.cjs', [how, JSON.stringify(words), JSON.stringify(options)], {
    since,
  });

const BUILD = ['--snapshot-blob', 'x.blob', '--build-snapshot', 'dropped.cjs'];
const ONE_WORD = '--build-snapshot-config=snapshot.json';
const HOW = ['spawn', 'spawnSync', 'execFile', 'execFileSync', 'execve', 'binding'];

/** A snapshot is built of a script where no preload runs, whatever Node is called. */
const called: readonly WayIn[] = [
  ...HOW.map((how) => start('by its file', how, ['NODE', ...BUILD])),
  ...HOW.map((how) => start('/proc/self/exe', how, ['/proc/self/exe', ...BUILD])),
  ...HOW.map((how) => start('a link', how, ['./tool', ...BUILD])),
  start('a link, by PATH', 'spawnSync', ['tool', ...BUILD], { env: { PATH: '.' } }),
  start(
    'a link, from another directory',
    'spawn',
    ['../tool', '--snapshot-blob', 'x.blob', '--build-snapshot', '../dropped.cjs'],
    { cwd: 'names' },
  ),
  start('node, by PATH', 'spawnSync', ['node', ...BUILD]),
  start('one word', 'spawnSync', ['NODE', ONE_WORD]),
  start('underscores', 'spawnSync', ['NODE', ONE_WORD.replaceAll('-', '_').replace('__', '--')]),
  start('behind a value', 'spawn', ['NODE', '--title', 'a', ...BUILD]),
  start('behind options of V8', 'spawn', ['NODE', '-expose_gc', '--nolazy', ...BUILD]),
  start('as a shell', 'spawnSync', [ONE_WORD], { shell: 'NODE' }),
  start('as a shell', 'spawn', [ONE_WORD], { shell: 'NODE' }),
  start('env', 'spawnSync', ['/usr/bin/env', 'node', ...BUILD]),
  start('env, and a file', 'execFile', ['/usr/bin/env', 'A=1', 'NODE', ...BUILD]),
  start('env -S', 'spawnSync', ['/usr/bin/env', '-S', `node ${ONE_WORD}`]),
  start('env -S, and a word behind it', 'spawnSync', [
    '/usr/bin/env',
    '-S',
    'node --no-warnings',
    ONE_WORD,
  ]),
  start('a shell', 'execSync', [`node ${ONE_WORD}`]),
  start('a shell, by its file', 'execSync', [`NODE ${ONE_WORD}`]),
  start('a shell, in quotes', 'execSync', [
    `cd . && "NODE" --build-"snapshot"-config='snapshot.json'`,
  ]),
  start('a shell, by a link in quotes', 'execSync', [`'./a tool' ${ONE_WORD}`]),
  start('a shell, by a link with an escape', 'execSync', [`./a\\ tool ${ONE_WORD}`]),
  start('a shell, escaped', 'execSync', [`n\\ode ${ONE_WORD}`]),
  start('a shell, in a substitution', 'execSync', [`echo $(NODE ${ONE_WORD})`]),
  start('a shell in a shell', 'execSync', [`sh -c 'node ${ONE_WORD}'`]),
  start('/bin/sh -c exec', 'spawnSync', ['/bin/sh', '-c', 'exec "$@"', '-', 'NODE', ...BUILD]),
  start('timeout', 'spawnSync', ['timeout', '20', 'NODE', ...BUILD]),
];

/** Node reads such a file wherever the word stands. */
const files: readonly WayIn[] = [
  ...['spawn', 'spawnSync', 'execve'].flatMap((how) => [
    start(
      'a file of options',
      how,
      ['NODE', 'empty.cjs', '--experimental-config-file=options.json'],
      { env: {} },
    ),
    start(
      'a file of options behind --',
      how,
      ['NODE', '--', 'empty.cjs', '--experimental-config-file=options.json'],
      { env: {} },
    ),
    start('a file of options in argv[0]', how, ['NODE', 'empty.cjs'], {
      env: {},
      argv0: '--experimental-config-file=options.json',
    }),
    start('a file of variables', how, ['NODE', 'empty.cjs', '--env-file=options.env'], { env: {} }),
  ]),
  start('a file of options of env', 'spawnSync', [
    '/usr/bin/env',
    '-i',
    'NODE',
    'empty.cjs',
    '--experimental-config-file=options.json',
  ]),
  start('a file of variables of env', 'spawnSync', [
    '/usr/bin/env',
    '-i',
    'NODE',
    'empty.cjs',
    '--env-file=options.env',
  ]),
].map((each) => ({
  ...each,
  files: { ...each.files, 'options.env': 'NODE_OPTIONS=--require ./dropped.cjs\n' },
}));

const hidden: readonly WayIn[] = [
  way('execve: accessors for words', 'accessors.cjs', ['execve', '0']),
  ...['spawnSync', 'execFileSync', 'execve'].flatMap((how) =>
    ['setter', 'iterator'].map((by) => way(`${how}: pairs, by ${by}`, 'pairs.cjs', [how, by])),
  ),
];

/** It is a shared object that prints RAN: dropped.so. */
const variables: readonly WayIn[] = ['spawn', 'spawnSync', 'execFileSync', 'fork', 'execve'].map(
  (how) =>
    way(`LD_PRELOAD of a file of variables, by ${how}`, 'env-file.cjs', [how], {
      files: {
        'env-file.cjs': text('env-file.cjs'),
        'dropped.env': 'LD_PRELOAD=./dropped.so\n',
        ...beside,
      },
    }),
);
const shells: readonly WayIn[] = [['LD_AUDIT', 'LD_AUDIT=./dropped.so\n']].map(
  ([name = '', content = '']) =>
    way(`${name} of a file of variables, by a shell`, 'env-file.cjs', ['shell'], {
      files: {
        'env-file.cjs': text('env-file.cjs'),
        'dropped.env': content,
        'dropped.sh': 'echo RAN\n',
        ...beside,
      },
    }),
);

const workers: readonly WayIn[] = [
  'NODE_OPTIONS of the process, and arguments',
  'NODE_OPTIONS of a shared environment, and arguments',
  'arguments by an accessor',
  'another process.env',
  'an inherited trap of the proxy',
].map((name) => way(`a Worker with ${name}`, 'worker.cjs', [name], { kind: 'file' }));

export const optionWays: readonly WayIn[] = [
  ...called,
  ...files,
  ...hidden,
  ...variables,
  ...shells,
  ...workers,
];
