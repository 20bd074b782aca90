// Runs files of SQL one after the other, and prints the rows of the last, the seconds and the peak
// of memory as JSON. usage: query.mjs NODE_API DATABASE TODAY FILE...
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const [api, database, today, ...files] = process.argv.slice(2);
const { DuckDBInstance } = await import(pathToFileURL(api).href);
const instance = await DuckDBInstance.create(database);
const connection = await instance.connect();
const start = process.hrtime.bigint();
let rows = [];
for (const file of files) {
  const reader = await connection.runAndReadAll(readFileSync(file, 'utf8'));
  rows = reader.getRowsJson();
  // The settings say current_date.
  if (file.endsWith('settings.sql')) {
    await connection.run(`SET VARIABLE today = DATE '${today}'`);
  }
}
const seconds = Number(process.hrtime.bigint() - start) / 1e9;
const { maxRSS } = process.resourceUsage();
process.stdout.write(JSON.stringify({ rows, seconds, peak: maxRSS / 1024 }));
connection.closeSync();
instance.closeSync();
