// Calls checkModules() of both module systems, and loads a file: again.mjs FILE [OPTIONS].
// Prints what the audit channel was told, and how the load has ended.
import { subscribe } from 'node:diagnostics_channel';
import { createRequire } from 'node:module';

import { checkModules } from '../../../dist/modules.js';

const [, , file, options] = process.argv;
const required = createRequire(import.meta.url)('../../../dist/modules.cjs').checkModules;
const told = [];
subscribe('mayexec:check', ({ operation, path, denied }) => {
  if (path === file) told.push(`${operation}${denied ? ', denied' : ''}`);
});

const returned = [checkModules(), required(options && JSON.parse(options)), checkModules({})];
let ended = 'ran';
try {
  await import(file);
} catch (error) {
  ended = error.message;
}
console.log(JSON.stringify({ same: required === checkModules, returned, told, ended }));
