// What a line of the audit log costs: a refused check with and without it, in pairs.
// usage: node bench/audit-log.mjs
import { mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { release, tmpdir } from 'node:os';
import { join } from 'node:path';

import { checkExecSync, openAuditLog } from '../dist/index.js';

const ROUNDS = 21;
const CHECKS = 2000;

const directory = mkdtempSync(join(tmpdir(), 'mayexec-bench-'));
writeFileSync(join(directory, 'script.js'), '');
const fd = openSync(join(directory, 'script.js'));

/** Microseconds a check. */
function checks() {
  const start = process.hrtime.bigint();
  for (let i = 0; i < CHECKS; i++) checkExecSync(fd);
  return Number(process.hrtime.bigint() - start) / CHECKS / 1000;
}

const median = (values) => values.sort((a, b) => a - b)[values.length >> 1];

checks();
const lines = [];
for (let i = 0; i < ROUNDS; i++) {
  const without = checks();
  const log = openAuditLog(join(directory, 'log'));
  lines.push(checks() - without);
  log.close();
}
console.log(
  `Node ${process.version}, Linux ${release()}: ${median(lines).toFixed(1)} us a line, median of ${ROUNDS}`,
);
rmSync(directory, { recursive: true });
