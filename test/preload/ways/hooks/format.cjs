// A hook says a format of a file that is not the file's: format.cjs WHERE HOW FORMAT
'use strict';
const Module = require('node:module');
const { readFileSync } = require('node:fs');

const [, , where, how, format] = process.argv;
const DROPPED = how === 'import' ? 'dropped.mjs' : 'dropped.cjs';
const isDropped = (url) => url.endsWith(DROPPED);

switch (where) {
  case 'resolve':
    Module.registerHooks({
      resolve(specifier, context, next) {
        const resolved = next(specifier, context);
        return isDropped(resolved.url) ? { ...resolved, format } : resolved;
      },
    });
    break;
  case 'context':
    Module.registerHooks({
      load: (url, context, next) => next(url, isDropped(url) ? { ...context, format } : context),
    });
    break;
  case 'result':
    Module.registerHooks({
      load(url, context, next) {
        if (!isDropped(url)) return next(url, context);
        // Asked for as data, it is not refused; then it is called something else.
        return { ...next(url, { ...context, format: 'json' }), format };
      },
    });
    break;
  case 'attributes':
    Module.registerHooks({
      load(url, context, next) {
        if (!isDropped(url)) return next(url, context);
        const importAttributes = how === 'import' ? { type: 'json' } : {};
        const { source } = next(url, { ...context, format: 'json', importAttributes });
        return { source, format, shortCircuit: true };
      },
    });
    break;
  case 'short-circuit':
    Module.registerHooks({
      load(url, context, next) {
        if (!isDropped(url)) return next(url, context);
        return { source: readFileSync(new URL(url), 'utf8'), format, shortCircuit: true };
      },
    });
    break;
  case 'module': {
    // The CommonJS loader keeps the format in the module, and believes what is there.
    const planted = new Module('planted');
    require('./approved.cjs');
    const approved = require.cache[require.resolve('./approved.cjs')];
    for (const key of Object.getOwnPropertySymbols(approved)) {
      if (String(key) === 'Symbol(kFormat)') planted[key] = format;
    }
    Module._extensions['.js'](planted, `${__dirname}/${DROPPED}`);
    return;
  }
}

if (how === 'import') import('./dropped.mjs').catch(() => {});
else require('./dropped.cjs');
