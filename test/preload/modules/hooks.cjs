// Has hooks from before checkModules(): hooks.cjs KIND FILE. Prints what the file exports, or
// why it was refused.
'use strict';
const { registerHooks, register } = require('node:module');
const { pathToFileURL } = require('node:url');

const [, , kind, file] = process.argv;
const load = (url, context, next) => {
  const result = next(url, context);
  if (kind !== 'another text' || !url.endsWith('/allowed.cjs')) return result;
  return { ...result, source: 'module.exports = "another text";' };
};
if (kind === 'on a thread') {
  register(pathToFileURL(require.resolve('./thread-hooks.mjs')));
} else registerHooks({ load });
require('../../../dist/modules.cjs').checkModules();

async function main() {
  try {
    const exports = kind === 'on a thread' ? (await import(file)).default : require(file);
    console.log(JSON.stringify(exports));
  } catch (error) {
    console.log(JSON.stringify(error.message));
  }
}
main();
