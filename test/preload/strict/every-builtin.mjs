/* Asks for each builtin module in each way. Prints how many it had, and every error. */
import { builtinModules, createRequire } from 'node:module';
import { writeSync } from 'node:fs';

const require = createRequire(import.meta.url);
const OTHERS = ['sea', 'sqlite', 'test', 'test/reporters', 'ffi', 'vfs', 'bench', 'stream/iter'];
const names = new Set([...builtinModules, ...OTHERS].map((name) => name.replace('node:', '')));

let had = 0;
for (const name of names) {
  const url = `node:${name}`;
  if (process.getBuiltinModule(url) === undefined) continue;
  try {
    const required = require(url);
    const imported = await import(url);
    if (imported.default !== required) throw new Error('two modules');
    // As `import { a, b } from …` does.
    for (const key of Object.keys(imported)) void imported[key];
    had += 1;
  } catch (error) {
    writeSync(1, `${name}: ${error.stack}\n`);
  }
}
writeSync(1, `had ${had} builtins\n`);
