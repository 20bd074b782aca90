// A runner of SQL scripts, with the `.read FILE` of SQLite's own shell.
import { DatabaseSync } from 'node:sqlite';
import { findPart, start } from './start.mjs';

const database = new DatabaseSync(':memory:');

function run(code) {
  for (const line of code.split('\n').filter((text) => text.trim() !== '')) {
    const [, part] = /^\.read (\S+)$/.exec(line) ?? [];
    if (part !== undefined) run(findPart(part).content);
    else {
      for (const row of database.prepare(line).all()) {
        process.stdout.write(`${Object.values(row).join('|')}\n`);
      }
    }
  }
}

await start('sqlite', run);
