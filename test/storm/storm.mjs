// storm.mjs [SECONDS]: rearranges files and rotates logs while they are read and written, each
// for half of the time (300 s). Prints what was counted; ends with 1 when anything is wrong.
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { storm as logs } from './logs.mjs';
import { storm as paths } from './paths.mjs';

const seconds = Number(process.argv[2] ?? 300) / 2;
const mayexec = await import(new URL('../../dist/index.js', import.meta.url));
const folder = fs.realpathSync(fs.mkdtempSync(join(tmpdir(), 'mayexec-storm-')));
fs.mkdirSync(join(folder, 'paths'));
fs.mkdirSync(join(folder, 'logs'));
const result = {
  paths: await paths(mayexec, join(folder, 'paths'), seconds),
  logs: await logs(join(folder, 'logs'), seconds),
};
fs.rmSync(folder, { recursive: true });
console.log(JSON.stringify(result, undefined, 2));
process.exitCode = result.paths.wrong.length + result.logs.wrong.length > 0 ? 1 : 0;
