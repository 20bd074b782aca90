// Adds up what the runs counted: vitest's JSON reports, and the lab's line a
// kernel. Prints a line each, and the sum in the form that closes CI's output.
import { readdirSync, readFileSync } from 'node:fs';
import { join, parse } from 'node:path';

const [directory] = process.argv.slice(2);
const runs = [];
for (const file of readdirSync(directory).sort()) {
  const { name, ext } = parse(file);
  const text = readFileSync(join(directory, file), 'utf8');
  if (ext === '.json') {
    const { numPassedTests, numFailedTests, numPendingTests, numTodoTests } = JSON.parse(text);
    runs.push([name, numPassedTests, numFailedTests, numPendingTests + numTodoTests]);
  } else {
    const line = /^(\S+) .* (\d+) passed, (\d+) failed, (\d+) not for this kernel/gm;
    for (const [, kernel, ...counts] of text.matchAll(line))
      runs.push([kernel, ...counts.map(Number)]);
  }
}
const sum = [0, 0, 0];
for (const [name, ...counts] of runs) {
  console.log(`${name.padEnd(16)} ${counts.join(' ')}`);
  counts.forEach((count, i) => (sum[i] += count));
}
const [passed, failed, skipped] = sum;
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
if (failed > 0 || passed === 0) process.exitCode = 1;
