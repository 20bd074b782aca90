import type { Way } from './start.js';

/** Tests of Node's that cannot pass with the preload, and why. */
interface Difference {
  readonly tests: readonly string[];
  /** The ways and the major versions of Node that it was measured on. */
  readonly ways: readonly Way[];
  readonly majors: readonly number[];
  readonly reason: string;
}

/** The preload, given without the launcher. */
const BARE: readonly Way[] = ['cli', 'node-options', 'log'];
const EVERY: readonly Way[] = [...BARE, 'run'];
const MEASURED = [22, 24, 26] as const;
const NO_ADDONS =
  'without --allow-addons the addon cannot be loaded, and then nobody knows the securebits: that right comes with the launcher';

/** They start with --permission, or start a child that does and has its parent's execArgv. */
const UNDER_PERMISSION = [
  'es-module/test-cjs-legacyMainResolve-permission.js',
  'parallel/test-permission-allow-inspector.js',
  'parallel/test-permission-allow-child-process-cli.js',
  'parallel/test-permission-allow-wasi-cli.js',
  'parallel/test-permission-allow-worker-cli.js',
  'parallel/test-permission-child-process-cli.js',
  'parallel/test-permission-child-process-inherit-flags.js',
  'parallel/test-permission-dc-worker-threads.js',
  'parallel/test-permission-diagnostics-channel.js',
  'parallel/test-permission-fs-absolute-path.js',
  'parallel/test-permission-fs-internal-module-stat.js',
  'parallel/test-permission-fs-read-entrypoint.js',
  'parallel/test-permission-fs-read.js',
  'parallel/test-permission-fs-relative-path.js',
  'parallel/test-permission-fs-repeat-path.js',
  'parallel/test-permission-fs-require.js',
  'parallel/test-permission-fs-symlink-relative.js',
  'parallel/test-permission-fs-symlink-target-write.js',
  'parallel/test-permission-fs-symlink.js',
  'parallel/test-permission-fs-traversal-path.js',
  'parallel/test-permission-fs-wildcard.js',
  'parallel/test-permission-fs-windows-path.js',
  'parallel/test-permission-fs-write-report.js',
  'parallel/test-permission-fs-write-v8.js',
  'parallel/test-permission-fs-write.js',
  'parallel/test-permission-has.js',
  'parallel/test-permission-inspector.js',
  'parallel/test-permission-net-allowed.js',
  'parallel/test-permission-net-dns.js',
  'parallel/test-permission-net-udp.js',
  'parallel/test-permission-net-uds.js',
  'parallel/test-permission-net-websocket.js',
  'parallel/test-permission-no-addons.js',
  'parallel/test-permission-wasi.js',
  'parallel/test-permission-worker-threads-cli.js',
  'parallel/test-process-execve-permission-fail.js',
  'parallel/test-process-execve-permission-granted.js',
  'parallel/test-repl-permission-model.js',
];

export const differences: readonly Difference[] = [
  { tests: UNDER_PERMISSION, ways: BARE, majors: MEASURED, reason: NO_ADDONS },
  {
    tests: ['parallel/test-permission-child-process-inherit-flags.js'],
    ways: ['run'],
    majors: MEASURED,
    reason: 'it looks whether NODE_OPTIONS is set, and the launcher sets it',
  },
  {
    tests: ['parallel/test-permission-fs-read-entrypoint.js'],
    ways: ['run'],
    majors: MEASURED,
    reason:
      'under --permission a child of spawnSync gets NODE_OPTIONS as they are, and with the rights in them it must be under --permission too',
  },
  {
    tests: ['es-module/test-esm-no-addons.mjs'],
    ways: EVERY,
    majors: MEASURED,
    reason: '--no-addons keeps the addon out, and then nobody knows the securebits',
  },
  {
    tests: [
      'es-module/test-esm-loader-hooks.mjs',
      'module-hooks/test-async-loader-hooks-called-with-expected-args.mjs',
      'module-hooks/test-async-loader-hooks-called-with-register.mjs',
    ],
    ways: EVERY,
    majors: MEASURED,
    reason:
      'with any hook of module.registerHooks, Node gives hooks on a thread of their own the conditions too, and stops until they answer',
  },
  {
    tests: [
      'parallel/test-cli-permission-deny-fs.js',
      'parallel/test-cli-permission-multiple-allow.js',
      'parallel/test-compile-cache-api-permission.js',
      'parallel/test-compile-cache-permission-allowed.js',
      'parallel/test-compile-cache-permission-disallowed.js',
      'parallel/test-permission-inspector-brk.js',
      'parallel/test-permission-processbinding.js',
      'parallel/test-permission-sqlite-load-extension.js',
      'parallel/test-permission-warning-flags.js',
    ],
    ways: ['node-options', 'log'],
    majors: [22],
    reason:
      'a child with --permission has the preload by inheritance, and may not read it or not load the addon',
  },
  {
    tests: ['es-module/test-esm-cjs-named-error.mjs'],
    ways: EVERY,
    majors: [22],
    reason: 'Node 22 loses the helpful message with any module.registerHooks; 24 and 26 keep it',
  },
  {
    tests: ['parallel/test-compile-cache-bad-syntax.js'],
    ways: ['log'],
    majors: [24],
    reason: 'it counts the files in the compile cache of a child, and one is the preload',
  },
];
