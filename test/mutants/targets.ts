/** A file of the sources, and the tests that must see each mutant of it. They import the sources. */
export interface Target {
  readonly file: string;
  readonly tests: readonly string[];
}

export const targets: readonly Target[] = [
  { file: 'src/tables/words.ts', tests: ['test/tables/words.test.ts'] },
  { file: 'src/policy.ts', tests: ['test/policy.test.ts'] },
];
