/** A file of the sources, and the tests that must see each mutant of it, the quickest first. */
export interface Target {
  readonly file: string;
  readonly tests: readonly string[];
  /** Those whose programs ask for dist/. They are tried last. */
  readonly programs?: readonly string[];
}

const tables = (...names: string[]): string[] => names.map((name) => `test/tables/${name}.test.ts`);

export const targets: readonly Target[] = [
  { file: 'src/tables/builtins.ts', tests: tables('effects', 'builtins') },
  { file: 'src/tables/options.ts', tests: tables('effects', 'options') },
  { file: 'src/tables/v8-options.ts', tests: tables('effects', 'options') },
  { file: 'src/tables/option-table.ts', tests: tables('effects', 'options', 'words') },
  { file: 'src/tables/variables.ts', tests: tables('effects', 'variables') },
  { file: 'src/tables/words.ts', tests: tables('words') },
  {
    file: 'src/policy.ts',
    tests: ['test/policy-of-thread.test.ts'],
    programs: ['test/policy.test.ts'],
  },
  { file: 'src/enforce-policy.ts', tests: ['test/policy-of-thread.test.ts'] },
  {
    file: 'src/securebits.ts',
    tests: ['test/policy-of-thread.test.ts'],
    programs: ['test/securebits.test.ts', 'test/unsupported.test.ts'],
  },
  {
    file: 'src/interactive.ts',
    tests: ['test/audit.test.ts', 'test/arguments.test.ts'],
    programs: ['test/policy.test.ts'],
  },
  { file: 'src/errors.ts', tests: ['test/errors.test.ts'] },
  {
    file: 'src/decision.ts',
    tests: ['test/decision.test.ts', 'test/audit.test.ts', 'test/check.test.ts'],
    programs: ['test/policy.test.ts', 'test/unsupported.test.ts'],
  },
];
