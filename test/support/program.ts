import { execFile } from 'node:child_process';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

/** The built package, for programs that run outside vitest. */
export const index = pathToFileURL(
  fileURLToPath(new URL('../../dist/index.js', import.meta.url)),
).href;

/**
 * How much of the long tests to run: 1 is what the README's test command runs.
 * Slow builds and small virtual machines set less.
 */
export const scale = Number(process.env['MAYEXEC_TEST_SCALE'] ?? 1);

export const scaled = (count: number): number => Math.max(1, Math.round(count * scale));

/** Runs test/programs/NAME with the package's URL as first argument; what it prints as JSON. */
export async function runProgram<Result>(name: string, ...args: string[]): Promise<Result> {
  const file = fileURLToPath(new URL(`../programs/${name}`, import.meta.url));
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--no-warnings', file, index, ...args],
    { maxBuffer: 1 << 26 },
  );
  return JSON.parse(stdout) as Result;
}
