import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import type { Lines } from './lines.js';

const BUILT = ['build/Release/mayexec.node', 'build/Release/mayexec-run'];

const countsOf = (copy: string): string => join(copy, 'build/counts');

/**
 * Clang's counters lie in a file that is mapped into the process (%c). So what a process ran is
 * known however it ends: by a signal, a filter, _exit or execve. The name of the file is in the
 * program, since its environment may be empty.
 */
export function environmentOfBuild(copy: string): NodeJS.ProcessEnv {
  const count = `-fprofile-instr-generate=${countsOf(copy)}/%m%c.profraw`;
  const flags = `${count} -fcoverage-mapping -mllvm -runtime-counter-relocation`;
  return {
    ...process.env,
    ...{ CC: 'clang-14', CXX: 'clang++-14', LDFLAGS: '-fprofile-instr-generate' },
    ...{ CFLAGS: flags, CXXFLAGS: flags },
  };
}

/** Makes the files of the counters, in which programs of other users count as well. */
export function openCounts(copy: string): void {
  const counts = countsOf(copy);
  mkdirSync(counts, { recursive: true });
  const [addon = '', launcher = ''] = BUILT.map((file) => join(copy, file));
  execFileSync(process.execPath, ['-e', 'require(process.argv[1])', addon]);
  execFileSync(launcher, ['--help'], { stdio: 'ignore' });
  chmodSync(counts, 0o1777);
  for (const file of readdirSync(counts)) chmodSync(join(counts, file), 0o666);
}

/** Adds what the addon and the launcher ran. */
export function ofNative(copy: string, lines: Lines): void {
  const counts = countsOf(copy);
  const merged = join(counts, 'merged');
  const files = readdirSync(counts)
    .filter((name) => name.endsWith('.profraw'))
    .map((name) => join(counts, name));
  execFileSync('llvm-profdata-14', ['merge', '-o', merged, ...files]);
  for (const built of BUILT) {
    const report = execFileSync(
      'llvm-cov-14',
      ['export', '--format=lcov', `--instr-profile=${merged}`, join(copy, built)],
      { encoding: 'utf8', maxBuffer: 1 << 28 },
    );
    // Named from build/, where they were compiled.
    lines.addLcov(report, copy);
  }
}
