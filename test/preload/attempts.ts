/**
 * What somebody tries who knows Node's inside: an approved program, or what has
 * got hold of it, goes around what the preload has put in place. As ways-in.ts.
 */
import {
  bringingLines,
  clearingLines,
  namedPrograms,
  namingLines,
  OPENSSL_CONF,
  snapshotLines,
  valueLines,
} from '../support/clearing-lines.js';
import { firstLines } from '../support/first-lines.js';
import { cjs, entry, program, type WayIn } from './ways-in.js';

const APPROVED = { 'approved.cjs': '', 'approved.mjs': '' };

const starting = { files: { 'start-dropped.cjs': program('attempts/start-dropped.cjs') } };
const awaiting: Partial<WayIn> = {
  kind: 'interactive',
  args: ['--inspect-port=0', 'program.cjs'],
  files: { 'await-inspector.cjs': program('attempts/await-inspector.cjs') },
};

const attempt = (name: string, text: string, more: Partial<WayIn> = {}): WayIn =>
  cjs(name, text, { ...more, files: { ...APPROVED, ...more.files } });

/** Node behind another program. */
const behind = [...clearingLines, ...snapshotLines, ...bringingLines, ...valueLines].map((line) =>
  attempt(`a child by ${JSON.stringify(line)}`, program('attempts/child-by.cjs'), {
    args: ['program.cjs', ...line],
    refusedAnyway: true,
    // These words are looked for in front of a Node, and not of an executable.
    ...(bringingLines.includes(line)
      ? { onlyLosesPreload: true, files: { 'openssl.cnf': OPENSSL_CONF } }
      : {}),
  }),
);

/** What the preload needs for a guard, before that guard is there. */
const guards = ['hook', 'setter', 'callback', 'init'].map((how) =>
  attempt(
    `the function that starts children, before its guard: ${how}`,
    program('attempts/a-spawner-by-its-handle.cjs'),
    { args: ['program.cjs', how] },
  ),
);

/** Node by an fd that leads to another file here: [function, number, file, options, words]. */
const passed = [
  ['spawn', '3', 'NODE', '{}', '/proc/self/fd/3'],
  ['spawnSync', '3', 'NODE', '{}', '/dev/fd/3'],
  ['spawn', '0', 'NODE', '{}', '/dev/stdin'],
  ['spawn', '99', 'NODE', '{}', '/proc/self/fd/99'],
  ['spawnSync', '3', 'NODE', '{}', 'fds/3'],
  ['spawn', '3', 'NODE', '{}', '/usr/bin/env', '/proc/self/fd/3'],
  ['spawn', '3', 'NODE', '{"shell":true}', '/proc/self/fd/3'],
  ['spawn', '3', '.', '{}', '/proc/self/fd/3/program'],
  ['spawnSync', '3', '.', '{"cwd":"/proc/self/fd/3"}', './program'],
  ['spawn', '3', '.', '{"env":{"PATH":"/proc/self/fd/3"}}', 'program'],
].map((args) =>
  attempt(
    `a Node that is passed on: ${JSON.stringify(args)}`,
    program('attempts/a-program-by-a-passed-fd.cjs'),
    { args: ['program.cjs', ...args] },
  ),
);

/** Node by a name that it takes for an option. */
const named = namingLines.map((line) =>
  attempt(`a child by ${JSON.stringify(line)}`, program('attempts/child-by.cjs'), {
    args: ['program.cjs', ...line],
    files: namedPrograms,
    refusedAnyway: true,
    onlyLosesPreload: true,
  }),
);

/** Node by the first line of a script. */
const scripts = firstLines.map(({ name, scripts: files, command }) =>
  attempt(`a script ${name}`, program('attempts/script-by.cjs'), {
    args: ['program.cjs', ...command],
    files,
    refusedAnyway: true,
    onlyLosesPreload: !/dropped|--build-snapshot/.test(name),
  }),
);

/** Child processes without the preload. */
const children: WayIn[] = [
  attempt('spawn_sync by process.binding', program('attempts/spawn-sync-by-process-binding.cjs')),
  attempt(
    'process_wrap by process.binding',
    program('attempts/process-wrap-by-process-binding.cjs'),
    starting,
  ),
  attempt(
    'the handle of a ChildProcess',
    program('attempts/the-handle-of-a-childprocess.cjs'),
    starting,
  ),
  attempt(
    'an environment that answers twice',
    program('attempts/an-environment-that-answers-twice.cjs'),
  ),
  attempt(
    'NODE_OPTIONS twice in an environment',
    program('attempts/node-options-twice-in-an-environment.cjs'),
  ),
  attempt(
    'a diagnostics channel that changes the request',
    program('attempts/a-diagnostics-channel-that-changes-the-request.cjs'),
    { since: 24 },
  ),
  attempt(
    'child_process by getBuiltinModule',
    program('attempts/child-process-by-getbuiltinmodule.cjs'),
  ),
  attempt('child_process by import', program('attempts/child-process-by-import.cjs')),
  attempt('child_process by createRequire', program('attempts/child-process-by-createrequire.cjs')),
  attempt('child_process by Module._load', program('attempts/child-process-by-module-load.cjs')),
  attempt(
    'child_process by the main module',
    program('attempts/child-process-by-the-main-module.cjs'),
  ),
  attempt(
    'child_process by the global of a REPL',
    program('attempts/child-process-by-the-global-of-a-repl.cjs'),
  ),
  attempt(
    'child_process that a hook resolves to',
    program('attempts/child-process-that-a-hook-resolves-to.cjs'),
  ),
  attempt(
    'child_process that a hook answers for',
    program('attempts/child-process-that-a-hook-answers-for.cjs'),
  ),
  attempt(
    'child_process that a hook answers for, by import',
    program('attempts/child-process-that-a-hook-answers-for-by-import.cjs'),
  ),
  attempt('run() of node:test', program('attempts/run-of-node-test.cjs')),
  attempt(
    'run() of node:test in this process',
    program('attempts/run-of-node-test-in-this-process.cjs'),
    { since: 24 },
  ),
  entry('--test in one process', ['--test', '--test-isolation=none', 'dropped.test.cjs'], {
    since: 24,
  }),
  ...['--test-reporter=./dropped.mjs', '--test-global-setup=./dropped.cjs'].map((option) =>
    attempt(`a child by --test in one process with ${option}`, program('attempts/child-by.cjs'), {
      args: [
        ...['program.cjs', '/usr/bin/env', 'NODE', '--test', '--test-isolation=none'],
        ...[option, 'approved.cjs'],
      ],
      since: 24,
      refusedAnyway: true,
    }),
  ),
  entry('--bench', ['--experimental-bench', '--bench', 'dropped.cjs'], { since: 26 }),
  entry('runFile() of node:bench', ['--experimental-bench', 'program.cjs'], {
    since: 26,
    files: { 'program.cjs': program('attempts/run-file-of-node-bench.cjs') },
  }),
  ...['pairs', 'spawn', 'spawnSync', 'execve', 'Worker'].map((what) =>
    attempt(`Object.create that lies, for ${what}`, program('attempts/object-create-lies.cjs'), {
      args: ['program.cjs', what],
      ...(what === 'execve' ? { since: 24 } : {}),
    }),
  ),
  attempt(
    'Object.create that lies about variables',
    program('attempts/object-create-lies-about-variables.cjs'),
  ),
  attempt('LD_PRELOAD of a fork', program('attempts/ld-preload-of-a-fork.cjs')),
  attempt('LD_PRELOAD in process.env', program('attempts/ld-preload-in-process-env.cjs')),
  attempt('OPENSSL_CONF of a fork', program('attempts/openssl-conf-of-a-fork.cjs')),
  attempt('--openssl-config of a child', program('attempts/openssl-config-of-a-child.cjs')),
  attempt(
    '--openssl_config of a child',
    program('attempts/openssl-config-of-a-child-with-underscores.cjs'),
  ),
  attempt(
    '--openssl-config in a child’s NODE_OPTIONS',
    program('attempts/openssl-config-in-a-childs-node-options.cjs'),
  ),
  attempt(
    '--openssl-config by process.execve',
    program('attempts/openssl-config-by-process-execve.cjs'),
    { since: 24 },
  ),
  attempt('--build-snapshot of a child', program('attempts/build-snapshot-of-a-child.cjs')),
  attempt('another Node by another name', program('attempts/another-node-by-another-name.cjs')),
  ...['env', 'timeout 9'].map((before) =>
    attempt(`--inspect behind ${before}`, program('attempts/inspect-behind.cjs'), {
      args: ['program.cjs', ...before.split(' ')],
    }),
  ),
  ...guards,
  ...behind,
  ...passed,
  ...named,
  ...scripts,
  attempt('a script by process.execve', program('attempts/script-by-process-execve.cjs'), {
    since: 24,
    files: { script: '#!/usr/bin/env -S -i ./program' + "\nconsole.log('RAN');\n" },
    onlyLosesPreload: true,
  }),
  attempt(
    'a file with a NUL behind it, by process.execve',
    program('attempts/nul-by-process-execve.cjs'),
    { since: 24 },
  ),
  attempt(
    'a channel that changes the words of process.execve',
    program('attempts/channel-of-process-execve.cjs'),
    { since: 24, refusedAnyway: true },
  ),
  attempt('words with NULs behind them, by a handle', program('attempts/nul-by-a-handle.cjs')),
  attempt('a child in a user namespace', program('attempts/child-in-a-user-namespace.cjs')),
  attempt(
    'a child of a child in a user namespace',
    program('attempts/grandchild-in-a-user-namespace.cjs'),
  ),
  ...['spawn', 'spawnSync', 'execve'].map((how) =>
    attempt(
      `a file swapped by a subscriber, ${how}`,
      program('attempts/swapped-by-a-subscriber.cjs'),
      {
        args: ['program.cjs', how],
        refusedAnyway: true,
        ...(how === 'execve' ? { since: 24 } : {}),
      },
    ),
  ),
  ...['process_wrap', 'spawn_sync'].map((binding) =>
    attempt(
      `a file swapped by a getter, for ${binding}`,
      program('attempts/swapped-by-a-getter.cjs'),
      {
        args: ['program.cjs', binding],
        refusedAnyway: true,
      },
    ),
  ),
  attempt('a fork of env(1)', program('attempts/fork-of-env.cjs'), { refusedAnyway: true }),
  attempt('--env-file of a child', program('attempts/env-file-of-a-child.cjs')),
  attempt(
    '--experimental-loader of a child',
    program('attempts/experimental-loader-of-a-child.cjs'),
  ),
];

/** What Node reads while it makes a Worker can be functions that take the preload away. */
const meanwhile = [
  'argv-is-read',
  'limits-are-read',
  'a-url-is-read',
  'the-folder-is-read',
  'its-path-is-read',
  'an-array-is-copied',
  'its-environment-is-read',
  'its-data-is-shown',
].map((what) =>
  attempt(
    `Worker that loses the preload while ${what.replaceAll('-', ' ')}`,
    program(`attempts/worker-while-${what}.cjs`),
    { env: { NODE_DEBUG: 'worker' }, refusedAnyway: true },
  ),
);

/** Workers without the preload. */
const workers: WayIn[] = [
  ...meanwhile,
  attempt(
    'Worker while another thread changes its environment',
    program('attempts/worker-while-another-thread-changes-its-environment.cjs'),
  ),
  attempt(
    'a thread by the handle of a Worker',
    program('attempts/a-thread-by-the-handle-of-a-worker.cjs'),
  ),
  ...['String', 'Proxy', 'set', 'stack'].map((what) =>
    attempt(
      `the handle of a Worker, by a lie of ${what}`,
      program('attempts/the-handle-of-a-worker-by-a-lie.cjs'),
      { args: ['program.cjs', what] },
    ),
  ),
  ...['showProxy', 'custom', 'tag'].map((how) =>
    attempt(
      `the class of Workers, by util.inspect: ${how}`,
      program('attempts/class-of-workers-by-inspect.cjs'),
      { args: ['program.cjs', how] },
    ),
  ),
  attempt(
    'the class of Workers, by EventEmitter.init',
    program('attempts/class-of-workers-by-emitter-init.cjs'),
  ),
  attempt(
    'Worker that a hook resolves to without node:',
    program('attempts/worker-that-a-hook-resolves-to.cjs'),
  ),
  attempt(
    'a Worker whose script is changed on the way',
    program('attempts/a-worker-whose-script-is-changed-on-the-way.cjs'),
  ),
  attempt('Worker that a hook answers for', program('attempts/worker-that-a-hook-answers-for.cjs')),
  attempt(
    'Worker that shares an emptied environment',
    program('attempts/worker-that-shares-an-emptied-environment.cjs'),
  ),
  attempt(
    'Worker after NODE_OPTIONS and execArgv are gone',
    program('attempts/worker-after-node-options-and-execargv-are-gone.cjs'),
  ),
  attempt(
    'Worker after process.env is replaced',
    program('attempts/worker-after-process-env-is-replaced.cjs'),
  ),
  attempt('Worker with proxies as options', program('attempts/worker-with-proxies-as-options.cjs')),
  entry('a Web Worker', ['--experimental-web-worker', 'program.cjs'], {
    since: 26,
    files: {
      'program.cjs': program('attempts/a-web-worker.cjs'),
    },
  }),
];

/** Shared objects, by what OpenSSL and sqlite load. */
const sharedObjects: WayIn[] = [
  attempt('the engine of a private key', program('attempts/the-engine-of-a-private-key.cjs')),
  attempt(
    'the engine of a client certificate',
    program('attempts/the-engine-of-a-client-certificate.cjs'),
  ),
  attempt(
    'an engine by the class of a secure context',
    program('attempts/an-engine-by-the-class-of-a-secure-context.cjs'),
  ),
  attempt('an engine by a setter', program('attempts/an-engine-by-a-setter.cjs')),
  attempt(
    "an engine by a name of OpenSSL's own",
    program('attempts/an-engine-by-a-name-of-openssls.cjs'),
  ),
  attempt('the engine of fetch', program('attempts/engine-of-fetch.cjs')),
  attempt('the engine of a WebSocket', program('attempts/engine-of-a-websocket.cjs')),
  attempt('the engine of a key, by fetch', program('attempts/engine-of-a-key-by-fetch.cjs')),
  attempt('the engine of a dispatcher', program('attempts/engine-of-a-dispatcher.cjs')),
  attempt('the engine of a proxy', program('attempts/engine-of-a-proxy.cjs')),
  attempt('an engine by its name', program('attempts/an-engine-by-its-name.cjs')),
  attempt('an engine by process.binding', program('attempts/an-engine-by-process-binding.cjs'), {
    until: 22,
  }),
  attempt('sqlite that a hook answers for', program('attempts/sqlite-that-a-hook-answers-for.cjs')),
  ...['new', 'class', 'later', 'again'].map((how) =>
    attempt(`a tokenizer of sqlite: ${how}`, program('attempts/tokenizer-of-sqlite.cjs'), {
      args: ['program.cjs', how],
      refusedAnyway: true,
    }),
  ),
];

/** Hooks and the module cache. */
const loaders: WayIn[] = [
  attempt(
    'hooks taken out through their prototype',
    program('attempts/hooks-taken-out-through-their-prototype.cjs'),
  ),
  attempt(
    'the list of hooks, by Array methods',
    program('attempts/the-list-of-hooks-by-array-methods.cjs'),
  ),
  attempt('the list of hooks, by a setter', program('attempts/the-list-of-hooks-by-a-setter.cjs')),
  attempt(
    'the list of hooks, by the class of arrays',
    program('attempts/the-list-of-hooks-by-the-class-of-arrays.cjs'),
  ),
  attempt('a handle emptied', program('attempts/a-handle-emptied.cjs')),
  attempt(
    'a hook that asks for another file',
    program('attempts/a-hook-that-asks-for-another-file.cjs'),
  ),
  attempt(
    'a hook that brings the source with it',
    program('attempts/a-hook-that-brings-the-source-with-it.cjs'),
  ),
  attempt(
    'a hook that asks for a data: URL',
    program('attempts/a-hook-that-asks-for-a-data-url.cjs'),
    { kind: 'interactive' },
  ),
  attempt(
    'hooks on a thread, by register of the loader',
    program('attempts/register-of-the-loader.cjs'),
    {
      kind: 'either',
      since: 24,
      refusedAnyway: true,
      files: { 'other.mjs': '' },
    },
  ),
  attempt(
    'hooks on a thread, by a method of the loader',
    program('attempts/register-by-a-method-of-the-loader.cjs'),
    {
      kind: 'either',
      since: 24,
      refusedAnyway: true,
      files: { 'other.mjs': '' },
    },
  ),
  attempt('the module cache', program('attempts/the-module-cache.cjs')),
  attempt(
    'a symbol that says that the preload is there',
    program('attempts/a-symbol-that-says-that-the-preload-is-there.cjs'),
  ),
];

/** Objects of Node's inside, by clones that say so. */
const clones: WayIn[] = [
  ...['structuredClone', 'port', 'event', 'broadcast', 'mark'].map((carrier) =>
    attempt(
      `a clone from inside Node, by ${carrier}`,
      program('attempts/a-clone-from-inside-node.cjs'),
      { args: ['program.cjs', carrier] },
    ),
  ),
  attempt('a child by a clone', program('attempts/a-child-by-a-clone.cjs')),
  attempt('a binding by a clone', program('attempts/a-binding-by-a-clone.cjs'), {
    args: ['--require', './program.cjs', 'approved.cjs'],
  }),
];

/** The inspector, opened from beside the preload. */
const inspector: WayIn[] = [
  attempt(
    'SIGUSR1 from another process',
    program('attempts/sigusr1-from-another-process.cjs'),
    awaiting,
  ),
  attempt(
    'SIGUSR1 when its handler is gone',
    program('attempts/sigusr1-when-its-handler-is-gone.cjs'),
    awaiting,
  ),
  attempt(
    'SIGUSR1 to a child before its preload',
    program('attempts/sigusr1-to-a-child-before-its-preload.cjs'),
    { ...awaiting, onlyLosesPreload: true },
  ),
  attempt('process._debugProcess', program('attempts/process-debugprocess.cjs'), awaiting),
  attempt('open() by process.binding', program('attempts/open-by-process-binding.cjs'), {
    kind: 'interactive',
  }),
  attempt(
    'a session that requires the file',
    program('attempts/a-session-that-requires-the-file.cjs'),
  ),
  ...['all', 'promises', 'json', 'params', 'binding', 'formatter'].map((how) =>
    attempt(
      `a session that finds what was replaced: ${how}`,
      program('attempts/a-session-of-the-inspector.cjs'),
      { args: ['program.cjs', how] },
    ),
  ),
];

/** Options of V8 that a start refuses, set by the program. */
const flags = [
  ['--expose-gc\t-allow_natives_syntax', { until: 24 }],
  ['--allow-natives-syntax --inspector-live-edit', { since: 26 }],
].map(([given, nodes]) =>
  attempt(`the inside of V8, by ${JSON.stringify(given)}`, program('attempts/v8-natives.cjs'), {
    args: ['program.cjs', given as string],
    ...(nodes as Partial<WayIn>),
  }),
);

export const attempts: WayIn[] = [
  ...children,
  ...workers,
  ...sharedObjects,
  ...loaders,
  ...clones,
  ...inspector,
  ...flags,
];
