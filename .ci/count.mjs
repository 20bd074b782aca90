// Adds up vitest's JSON reports: a line each, and the sum in the form that
// closes CI's output.
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';

const sum = { passed: 0, failed: 0, skipped: 0 };
for (const file of process.argv.slice(2)) {
  const report = JSON.parse(readFileSync(file, 'utf8'));
  const run = {
    passed: report.numPassedTests,
    failed: report.numFailedTests,
    skipped: report.numPendingTests + report.numTodoTests,
  };
  console.log(`${basename(file, '.json')}: ${JSON.stringify(run)}`);
  for (const key of Object.keys(sum)) sum[key] += run[key];
}
console.log(`${sum.passed} passed, ${sum.failed} failed, ${sum.skipped} skipped`);
if (sum.failed > 0 || sum.passed === 0) process.exitCode = 1;
