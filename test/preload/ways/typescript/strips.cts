// Node says once that this function is experimental.
const { stripTypeScriptTypes } = require('node:module');
const word: string = stripTypeScriptTypes('let a: string');
console.log(word, stripTypeScriptTypes('let b: string', { sourceUrl: 'b.ts' }));
for (const options of [[], 'none', null, { mode: 'none' }]) {
  try {
    stripTypeScriptTypes('let c: string', options);
  } catch ({ code, message }) {
    console.log(code, message);
  }
}
