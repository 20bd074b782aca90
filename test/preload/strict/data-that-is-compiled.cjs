const Module = require('module');
const { readFileSync } = require('fs');
const path = require('path').join(__dirname, 'dropped.cjs');
// Read as data, it fails its check and is let through.
Module.registerHooks({
  load: (url, context, next) =>
    next(url, url.endsWith('dropped.cjs') ? { ...context, format: 'json' } : context),
});
try {
  require(path);
} catch {
  // It is no JSON.
}
new Module('x')._compile(readFileSync(path, 'utf8'), path);
