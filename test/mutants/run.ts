/** `npm run mutants`: which mutants of the sources the tests do not see. See README.md. */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { mutantsOf } from './mutate.js';
import { targets, type Target } from './targets.js';

const project = fileURLToPath(new URL('../..', import.meta.url));
const tell = (text: string): void => void process.stdout.write(`${text}\n`);
const TIMEOUT = 600_000;

/** Whether it ends with 0. One that never ends does not. */
function succeeds(file: string, ...words: readonly string[]): boolean {
  const { status } = spawnSync(process.execPath, [join(project, file), ...words], {
    ...{ cwd: project, stdio: 'ignore', timeout: TIMEOUT, killSignal: 'SIGKILL' },
  });
  return status === 0;
}

/** Whether the tests pass as the sources are now. Their programs ask for dist/. */
function pass({ tests }: Target): boolean {
  return (
    succeeds('bundle.mjs') &&
    succeeds('node_modules/vitest/vitest.mjs', 'run', '--bail=1', '--maxWorkers=1', ...tests)
  );
}

/** Tries each mutant in the file's place, and puts the file back whatever happens. */
function tryAll(target: Target): number {
  const path = join(project, target.file);
  const text = readFileSync(path, 'utf8');
  if (!pass(target)) throw new Error(`${target.tests.join(' ')} fails without any mutant`);
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
      if (!pass(target)) seen++;
      else tell(`  ${target.file}:${line}: not seen: ${before} -> ${after}`);
    }
  } finally {
    restore();
    succeeds('bundle.mjs');
    process.off('SIGINT', end).off('SIGTERM', end);
  }
  tell(`${target.file}: ${mutants.length} mutants, ${seen} are seen by ${target.tests.join(' ')}`);
  return mutants.length - seen;
}

const wanted = process.argv.slice(2);
const unseen = targets
  .filter(({ file }) => wanted.length === 0 || wanted.includes(file))
  .map(tryAll)
  .reduce((sum, count) => sum + count, 0);
process.exitCode = unseen === 0 ? 0 : 1;
