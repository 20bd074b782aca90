/** A file of the sources, and the tests that must see each mutant of it. */
export interface Target {
  readonly file: string;
  readonly tests: readonly string[];
}

export const targets: readonly Target[] = [
  { file: 'src/tables/words.ts', tests: ['test/tables/words.test.ts'] },
  { file: 'src/policy.ts', tests: ['test/policy-of-thread.test.ts', 'test/policy.test.ts'] },
  { file: 'src/errors.ts', tests: ['test/errors.test.ts'] },
  {
    file: 'src/decision.ts',
    tests: ['test/policy.test.ts', 'test/check.test.ts', 'test/audit.test.ts'],
  },
];
