import type { Transform } from 'node:stream';

import { builtin } from './builtins.js';
import type { CommandLine } from './executable-options.js';

interface TestStream {
  on(event: 'test:fail' | 'test:summary', listener: (data: { success?: boolean }) => void): void;
  compose(reporter: unknown): Transform;
}
interface RunOptions {
  globPatterns: readonly string[];
  concurrency: number | boolean;
  timeout?: number;
}
type Reporters = Record<'spec' | 'tap' | 'dot' | 'junit', unknown>;

/** What `node --test` looks for by itself. */
const PATTERNS = [
  '**/*.test.?(c|m)js',
  '**/*-test.?(c|m)js',
  '**/*_test.?(c|m)js',
  '**/test-*.?(c|m)js',
  '**/test.?(c|m)js',
  '**/test/**/*.?(c|m)js',
  '**/*.test.?(c|m)ts',
  '**/*-test.?(c|m)ts',
  '**/*_test.?(c|m)ts',
  '**/test-*.?(c|m)ts',
  '**/test.?(c|m)ts',
  '**/test/**/*.?(c|m)ts',
];

/**
 * `--test`: Node's own runner by its API. Each file is run by this executable,
 * in a process of its own.
 */
export function runTests({ rest, values, testReporters }: CommandLine): void {
  const { run } = builtin<{ run: (options: RunOptions) => TestStream }>('node:test');
  const reporters = builtin<Reporters>('node:test/reporters');
  const name = (testReporters[0] ?? 'spec') as keyof Reporters;
  const timeout = values['--test-timeout'];
  const concurrency = values['--test-concurrency'];
  const stream = run({
    globPatterns: rest.length > 0 ? rest : PATTERNS,
    concurrency: concurrency === undefined ? true : Number(concurrency),
    ...(timeout === undefined ? {} : { timeout: Number(timeout) }),
  });
  stream.on('test:fail', () => (process.exitCode = 1));
  stream.on('test:summary', ({ success }) => {
    if (success === false) process.exitCode = 1;
  });
  stream.compose(reporters[name]).pipe(process.stdout);
}
