// Run with --expose-internals: every variable of the environment that Node's own JavaScript names.
const { internalBinding } = require('internal/test/binding');
const { natives } = internalBinding('builtins');

const NAMED = /(?:process\.env|\benv)(?:\.([A-Z][A-Z0-9_]+)|\[['"]([A-Z][A-Z0-9_]+)['"]\])/g;
const names = new Set();
for (const text of Object.values(natives)) {
  for (const [, property, key] of text.matchAll(NAMED)) names.add(property ?? key);
}
console.log(JSON.stringify([...names]));
