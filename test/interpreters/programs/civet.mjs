// Civet becomes modules of JavaScript: a hook compiles the text that was checked.
import { registerHooks } from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { compile } from '@danielx/civet';
import { checkModules } from 'mayexec/modules';
import { findPart, start } from './start.mjs';

checkModules();

const texts = new Map();
registerHooks({
  resolve(specifier, context, next) {
    if (texts.has(specifier)) return { url: specifier, format: 'module', shortCircuit: true };
    if (!specifier.endsWith('.civet')) return next(specifier, context);
    const { path, content } = findPart(specifier);
    const url = pathToFileURL(path).href;
    texts.set(url, content);
    return { url, format: 'module', shortCircuit: true };
  },
  load(url, context, next) {
    const text = texts.get(url);
    if (text === undefined) return next(url, context);
    const source = compile(text, { js: true, sync: true });
    return { source, format: 'module', shortCircuit: true };
  },
});

await start('civet', async (code) => {
  const [script] = process.argv.slice(2);
  const name = script.startsWith('-') ? '[text].civet' : script;
  const url = pathToFileURL(resolve(name)).href;
  texts.set(url, code);
  await import(url);
});
