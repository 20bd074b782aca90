import type { Transform } from 'node:stream';

import { builtin } from '../preload/lib/builtins.js';
import type { CommandLine } from './command-line.js';
import { fatal, importModule } from './run.js';

interface TestStream {
  on(event: 'test:fail' | 'test:summary', listener: (data: { success?: boolean }) => void): void;
  compose(reporter: unknown): Transform;
}
interface RunOptions {
  globPatterns: readonly string[];
  concurrency: number | boolean;
  timeout?: number;
}

/** The patterns of `node --test` without arguments. */
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

/** One of Node's own reporters, or a module, which is checked like any other. */
async function reporterOf(name: string): Promise<unknown> {
  const reporters = builtin<object>('node:test/reporters');
  if (Object.hasOwn(reporters, name)) return (reporters as Record<string, unknown>)[name];
  return ((await importModule(name)) as { default: unknown }).default;
}

async function run({ rest, values, testReporters }: CommandLine): Promise<void> {
  const reporter = await reporterOf(testReporters[0] ?? 'spec');
  const timeout = values['--test-timeout'];
  const concurrency = values['--test-concurrency'];
  const { run } = builtin<{ run: (options: RunOptions) => TestStream }>('node:test');
  const stream = run({
    globPatterns: rest.length > 0 ? rest : PATTERNS,
    concurrency: concurrency === undefined ? true : Number(concurrency),
    ...(timeout === undefined ? {} : { timeout: Number(timeout) }),
  });
  stream.on('test:fail', () => (process.exitCode = 1));
  stream.on('test:summary', ({ success }) => {
    if (success === false) process.exitCode = 1;
  });
  stream.compose(reporter).pipe(process.stdout);
}

/** `--test`: Node's own runner by its API. This executable runs each file in a separate process. */
export function runTests(line: CommandLine): void {
  run(line).catch(fatal);
}
