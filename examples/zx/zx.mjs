// zx, which runs scripts, Markdown, -e and standard input as modules.
//
// usage: zx SCRIPT [ARGUMENT...] | zx -e CODE | zx - < SCRIPT
//
// zx writes a script that is not yet a module to a new file, and imports that. Such a file is not
// approved. Here a hook hands the text over under the script's own name, so the script's imports
// are found as ever. Node asks about the script once more.
import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { extname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import 'zx/globals';
import { injectGlobalRequire, transformMarkdown } from 'zx/cli';
import { checkInteractive, readMayExecSync } from 'mayexec';
import { checkModules } from 'mayexec/modules';

checkModules();

/** Imports a text as if this file held it. */
function importText(source, path) {
  const url = pathToFileURL(path).href;
  registerHooks({
    resolve: (specifier, context, next) =>
      specifier === url ? { url, format: 'module', shortCircuit: true } : next(specifier, context),
    load: (given, context, next) =>
      given === url ? { source, format: 'module', shortCircuit: true } : next(given, context),
  });
  return importFile(path);
}

function importFile(path) {
  injectGlobalRequire(path);
  return import(pathToFileURL(path).href);
}

function run(script) {
  const path = resolve(script);
  switch (extname(path)) {
    case '.md':
      return importText(transformMarkdown(readMayExecSync(path)), path);
    case '':
      return importText(readMayExecSync(path, 'utf8').replace(/^#!/, '//'), path);
    default:
      return importFile(path);
  }
}

const [first, ...rest] = process.argv.slice(2);
try {
  if (first === '-e' && rest.length === 1) {
    checkInteractive();
    await importText(rest[0], join(process.cwd(), '[eval].mjs'));
  } else if (first === '-' && rest.length === 0) {
    checkInteractive({ fd: 0 });
    await importText(readFileSync(0, 'utf8'), join(process.cwd(), '[stdin].mjs'));
  } else if (first !== undefined && !first.startsWith('-')) {
    process.argv = [process.argv[0], resolve(first), ...rest];
    await run(first);
  } else throw new TypeError('usage: zx SCRIPT | zx -e CODE | zx -');
} catch (error) {
  process.stderr.write(`zx: ${error.message}\n`);
  process.exitCode = 1;
}
