import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/** A package that changes how Node loads files, and how its own tests are run. */
export interface Suite {
  readonly name: string;
  /** The files of tests, by their paths in the package's tree. Each is run by itself. */
  readonly files: RegExp;
  /** Node's words for one of them. What it prints is TAP, or a line with a tick a test. */
  readonly words: (file: string) => readonly string[];
  /** What has to be there besides node_modules: its own CONTRIBUTING says how it comes to be. */
  readonly built?: string;
  /** For a file, in milliseconds, where two minutes are too short. */
  readonly timeout?: number;
  readonly env?: Readonly<Record<string, string>>;
}

const mocha = (...options: string[]): Suite['words'] => {
  return (file) => ['node_modules/mocha/bin/mocha.js', '--reporter', 'tap', ...options, file];
};

export const suites: readonly Suite[] = [
  {
    name: 'require-in-the-middle',
    files: /^test\/([^/]*\.js|babel\/babel-register\.js)$/,
    words: (file) => [file],
  },
  {
    name: 'import-in-the-middle',
    files: /^test\/(hook|low-level|other|get-esm-exports|register)\/[^/]*\.m?js$/,
    words: (file) => ['node_modules/.bin/imhotap', '--files', file],
  },
  {
    name: 'pirates',
    files: /^test\/(basics|extensions|GoodNonPirateHooks)\.js$/,
    words: (file) => ['node_modules/.bin/ava', '--tap', file],
  },
  {
    name: 'c8',
    files: /^test\/[^/]*\.js$/,
    words: mocha('--timeout=20000'),
    env: { TS_NODE_SKIP_PROJECT: 'true' },
  },
  {
    name: 'mocha',
    files: /^test\/(integration|node-unit|unit|reporters)\/.*\.spec\.c?js$/,
    words: (file) => ['bin/mocha.js', '--reporter', 'tap', '--timeout=20000', file],
  },
  {
    name: 'piscina',
    files: /^test\/[^/]*\.ts$/,
    words: (file) => ['--require', 'ts-node/register', file],
    built: 'dist/index.js',
    env: { TS_NODE_PROJECT: 'test/tsconfig.json' },
  },
  {
    name: 'tinypool',
    files: /^test\/[^/]*\.test\.ts$/,
    words: (file) => [
      ...['node_modules/vitest/vitest.mjs', 'run', '--reporter=tap-flat', '--testTimeout=120000'],
      file,
    ],
    built: 'dist/index.js',
  },
  {
    name: 'tsx',
    files: /^tests\/index\.ts$/,
    words: (file) => ['dist/cli.mjs', file],
    built: 'dist/cli.mjs',
    timeout: 1_800_000,
    // In CI it downloads other Nodes.
    env: { CI: '' },
  },
  {
    name: 'opentelemetry-instrumentation',
    files: /^test\/(node|common)\/[^/]*\.test\.ts$/,
    words: mocha('--require', require.resolve('tsx/cjs')),
  },
  {
    name: 'dd-trace',
    files:
      /^packages\/(dd-trace\/test\/(iitm|ritm|loader)[^/]*|datadog-instrumentations\/test\/helpers\/.*|datadog-shimmer\/test\/.*)\.spec\.m?js$/,
    words: mocha('--timeout=30000'),
  },
];
