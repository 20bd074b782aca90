/** `npm run mutants`: which mutants of the sources the tests do not see. See README.md. */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { mutantsOf } from './mutate.js';
import { targets, type Target } from './targets.js';

const project = fileURLToPath(new URL('../..', import.meta.url));
const tell = (text: string): void => void process.stdout.write(`${text}\n`);
const TIMEOUT = 300_000;

/** Whether it ends with 0. One that never ends does not. */
function succeeds(file: string, ...words: readonly string[]): boolean {
  const { status } = spawnSync(process.execPath, [join(project, file), ...words], {
    ...{ cwd: project, stdio: 'ignore', timeout: TIMEOUT, killSignal: 'SIGKILL' },
  });
  return status === 0;
}

/** Whether the tests of a list pass. They are run one by one, since most mutants die at the first. */
function pass(tests: readonly string[]): boolean {
  return tests.every((test) =>
    succeeds('node_modules/vitest/vitest.mjs', 'run', '--bail=1', '--maxWorkers=1', test),
  );
}

/** Whether no test sees the sources as they are now. */
function unseen({ tests, programs = [] }: Target): boolean {
  return pass(tests) && (programs.length === 0 || (succeeds('bundle.mjs') && pass(programs)));
}

/** Whether `npm run types` says nothing. It is asked last, since it takes longest. */
function compiles(): boolean {
  return succeeds('node_modules/typescript/bin/tsc', '-p', 'tsconfig.json');
}

/** Tries each mutant in the file's place, and puts the file back whatever happens. */
function tryAll(target: Target): number {
  const path = join(project, target.file);
  const text = readFileSync(path, 'utf8');
  if (!unseen(target)) throw new Error(`the tests of ${target.file} fail without any mutant`);
  const mutants = mutantsOf(target.file, text);
  let seen = 0;
  const restore = (): void => {
    writeFileSync(path, text);
  };
  const end = (): void => {
    restore();
    succeeds('bundle.mjs');
    process.exit(130);
  };
  process.on('SIGINT', end).on('SIGTERM', end);
  try {
    for (const { line, before, after, text: mutated } of mutants) {
      writeFileSync(path, mutated);
      if (!unseen(target) || !compiles()) seen++;
      else tell(`  ${target.file}:${line}: not seen: ${before} -> ${after}`);
    }
  } finally {
    restore();
    succeeds('bundle.mjs');
    process.off('SIGINT', end).off('SIGTERM', end);
  }
  tell(`${target.file}: ${mutants.length} mutants, ${seen} are seen`);
  return mutants.length - seen;
}

const wanted = process.argv.slice(2);
const left = targets
  .filter(({ file }) => wanted.length === 0 || wanted.includes(file))
  .map(tryAll)
  .reduce((sum, count) => sum + count, 0);
process.exitCode = left === 0 ? 0 : 1;
