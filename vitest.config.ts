import { availableParallelism } from 'node:os';

import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

import { LeftOut } from './test/support/left-out.js';

/**
 * What takes longest and says least about one change: it repeats something a great
 * many times, or repeats what others test on what another Node or program does.
 * `npm run test:all` runs it too.
 */
export const long = [
  'test/agreement.test.ts',
  'test/cli/seal-killed.test.ts',
  'test/cli/seal-storm.test.ts',
  'test/executable/build-node.test.ts',
  'test/executable/executable.test.ts',
  'test/executable/strict.test.ts',
  'test/fds.test.ts',
  'test/fuzz/fuzz.test.ts',
  'test/fuzz/native.test.ts',
  'test/interpreters.test.ts',
  'test/lifecycle/lifecycle.test.ts',
  'test/oracle/oracle.test.ts',
  'test/preload/attack.test.ts',
  'test/preload/elf-fuzz.test.ts',
  'test/preload/limited-interpreter.test.ts',
  'test/preload/modules-ways.test.ts',
  'test/preload/non-regular.test.ts',
  'test/preload/pollution.test.ts',
  'test/preload/programs.test.ts',
  'test/preload/tools.test.ts',
  'test/preload/ways-in-audit.test.ts',
  'test/storm/storm.test.ts',
  'test/threads.test.ts',
  'test/tsan/checker.test.ts',
];

/** These start thousands of Nodes. When one of them runs last, a processor has nothing to do. */
const STARTS_NODES = /\/test\/(preload|executable|launch|oracle|lifecycle)\//;

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isLong = ({ moduleId }: TestSpecification): boolean => STARTS_NODES.test(moduleId);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}

/** Named on the command line, it runs as well. */
const named = process.argv.slice(2).some((word) => /\btest\/|\.test\b/.test(word));
const all = process.env['MAYEXEC_TEST_ALL'] === '1' || named;

/** The programs that tests start say there which code they ran. See test/coverage. */
const coverage = process.env['MAYEXEC_TEST_COVERAGE'];

export default defineConfig({
  test: {
    ...(coverage === undefined
      ? {}
      : { env: { NODE_V8_COVERAGE: coverage }, setupFiles: ['test/coverage/setup.ts'] }),
    include: ['test/**/*.test.ts'],
    exclude: all ? ['**/node_modules/**'] : ['**/node_modules/**', ...long],
    reporters: ['default', new LeftOut()],
    // Securebits, umask and the fd table belong to a process: each file has its own.
    pool: 'forks',
    sequence: { sequencer: LongestFirst },
    // By default vitest leaves one processor out: of two, half.
    maxWorkers: availableParallelism(),
    testTimeout: 60_000,
    // Hooks compile programs.
    hookTimeout: 180_000,
  },
});
