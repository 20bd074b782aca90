// TypeScript and modules of every kind, by jiti, which reads and compiles files itself.
//
// usage: jiti SCRIPT [ARGUMENT...]
//
// jiti hands each file that it compiles to its `transform` option, and leaves the rest to Node's
// own loaders. `jiti/static` loads the compiler before the checks begin.
import { resolve } from 'node:path';
import { createJiti } from 'jiti/static';
import { readMayExecSync } from 'mayexec';
import { checkModules } from 'mayexec/modules';

checkModules();

// jiti would run a file in node_modules/.cache/jiti as it is. So there is no cache.
const compiler = createJiti(import.meta.url, { fsCache: false });
const jiti = createJiti(process.cwd(), {
  fsCache: false,
  transform(options) {
    // jiti has read the file as well. Its text is not the one that was checked.
    const source = readMayExecSync(options.filename, 'utf8');
    return { code: compiler.transform({ ...options, source }) };
  },
});

const [script, ...rest] = process.argv.slice(2);
try {
  if (script === undefined) throw new TypeError('usage: jiti SCRIPT [ARGUMENT...]');
  const path = resolve(script);
  process.argv = [process.argv[0], path, ...rest];
  await jiti.import(path);
} catch (error) {
  process.stderr.write(`jiti: ${error.message}\n`);
  process.exitCode = 1;
}
