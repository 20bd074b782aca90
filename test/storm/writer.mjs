// writer.mjs LOG FILE SECONDS: checks a file and has every verdict logged. Then it says how many
// lines were written and how many were dropped. At a line of input it makes one more check,
// so that what was dropped is told of.
import { once } from 'node:events';

const [, , log, file, seconds] = process.argv;
const mayexec = await import(new URL('../../dist/index.js', import.meta.url));
const audit = mayexec.openAuditLog(log, { maxBytes: 100_000 });
const end = Date.now() + Number(seconds) * 1000;
while (Date.now() < end) {
  for (let i = 0; i < 50; i++) mayexec.openMayExecSync(file).closeSync();
  await new Promise((resolve) => setImmediate(resolve));
}
console.log('done');
await once(process.stdin, 'data');
mayexec.openMayExecSync(file).closeSync();
const { written, dropped, lastError } = audit;
console.log(JSON.stringify({ pid: process.pid, written, dropped, last: lastError?.message }));
process.exit(0);
