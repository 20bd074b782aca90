// CoffeeScript, compiled and run in this process.
//
// usage: coffee SCRIPT | coffee -e CODE | coffee - < SCRIPT
//
// What `require` finds is read by the extension's own function, so that is where the
// check belongs. JavaScript files are Node's: the preload makes it ask about them.
import { readFileSync } from 'node:fs';
import Module from 'node:module';
import { dirname, join, resolve } from 'node:path';
import CoffeeScript from 'coffeescript';
import { checkInteractive, readMayExecSync } from 'mayexec';

const compile = (code, filename) =>
  CoffeeScript.compile(code, { filename, bare: true, literate: filename.endsWith('.litcoffee') });

for (const extension of ['.coffee', '.litcoffee']) {
  Module._extensions[extension] = (module, filename) => {
    module._compile(compile(readMayExecSync(filename, 'utf8'), filename), filename);
  };
}

/** Runs what has no place in the module cache: the script itself, -e, standard input. */
function run(code, filename) {
  const main = new Module(filename);
  main.filename = filename;
  main.paths = Module._nodeModulePaths(dirname(filename));
  main._compile(compile(code, filename), filename);
}

const [first, ...rest] = process.argv.slice(2);
try {
  if (first === '-e' && rest.length === 1) {
    checkInteractive();
    run(rest[0], join(process.cwd(), '[eval]'));
  } else if (first === '-' && rest.length === 0) {
    checkInteractive({ fd: 0 });
    run(readFileSync(0, 'utf8'), join(process.cwd(), '[stdin]'));
  } else if (first !== undefined && !first.startsWith('-')) {
    run(readMayExecSync(first, 'utf8'), resolve(first));
  } else throw new TypeError('usage: coffee SCRIPT | coffee -e CODE | coffee -');
} catch (error) {
  process.stderr.write(`coffee: ${error.message}\n`);
  process.exitCode = 1;
}
