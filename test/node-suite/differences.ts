import type { Way } from './start.js';

/** Tests of Node's that cannot pass with the preload, and why. */
interface Difference {
  readonly tests: readonly string[];
  /** The ways and the major versions of Node that it was measured on. */
  readonly ways: readonly Way[];
  readonly majors: readonly number[];
  readonly reason: string;
}

const EVERY: readonly Way[] = ['cli', 'node-options', 'log'];
const NO_ADDONS =
  'without --allow-addons the addon cannot be loaded, and then nobody knows the securebits';

/** They start with --permission, or start a child that does and has its parent's execArgv. */
const UNDER_PERMISSION = [
  'es-module/test-cjs-legacyMainResolve-permission.js',
  'parallel/test-permission-allow-child-process-cli.js',
  'parallel/test-permission-allow-wasi-cli.js',
  'parallel/test-permission-allow-worker-cli.js',
  'parallel/test-permission-child-process-cli.js',
  'parallel/test-permission-child-process-inherit-flags.js',
  'parallel/test-permission-dc-worker-threads.js',
  'parallel/test-permission-fs-absolute-path.js',
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
  'parallel/test-permission-no-addons.js',
  'parallel/test-permission-wasi.js',
  'parallel/test-permission-worker-threads-cli.js',
  'parallel/test-process-execve-permission-fail.js',
  'parallel/test-process-execve-permission-granted.js',
  'parallel/test-repl-permission-model.js',
];

export const differences: readonly Difference[] = [
  { tests: UNDER_PERMISSION, ways: EVERY, majors: [22], reason: NO_ADDONS },
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
];
