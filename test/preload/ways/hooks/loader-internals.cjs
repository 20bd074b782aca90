// What the CommonJS loader keeps, and calls, where everybody can reach it: loader-internals.cjs WHICH
'use strict';
const Module = require('node:module');

const [, , which] = process.argv;
const DROPPED = `${__dirname}/dropped.cjs`;
const ways = {
  'path cache'() {
    require('./approved.cjs');
    delete require.cache[require.resolve('./approved.cjs')];
    for (const key of Object.keys(Module._pathCache)) Module._pathCache[key] = DROPPED;
    require('./approved.cjs');
  },
  'resolved name'() {
    const { _resolveFilename } = Module;
    Module._resolveFilename = (request, ...rest) =>
      request === './approved.cjs'
        ? DROPPED
        : Reflect.apply(_resolveFilename, Module, [request, ...rest]);
    require('./approved.cjs');
  },
  'found path'() {
    Module._findPath = () => DROPPED;
    require('approved-package');
  },
  'load of a module'() {
    const { load } = Module.prototype;
    Module.prototype.load = function () {
      return Reflect.apply(load, this, [DROPPED]);
    };
    require('./approved.cjs');
  },
  'the main module, loaded again'() {
    process.mainModule.loaded = false;
    process.mainModule.load(DROPPED);
  },
  'an extension of the program’s'() {
    Module._extensions['.foo'] = (module, path) => Module._extensions['.js'](module, path);
    require('./dropped.foo');
  },
  'the extension for .json'() {
    // Only parsed; then the loader believes that the module's format is known.
    const module = new Module('x');
    try {
      Module._extensions['.json'](module, DROPPED);
    } catch {
      // It is no JSON.
    }
    Module._extensions['.js'](module, DROPPED);
  },
  'the extension for .json, then the text that it left'() {
    const module = new Module('x');
    try {
      Module._extensions['.json'](module, DROPPED);
    } catch {
      // It is no JSON.
    }
    const key = Object.getOwnPropertySymbols(module).find(
      (one) => String(one) === 'Symbol(kFormat)',
    );
    if (key !== undefined) module[key] = 'commonjs';
    Module._extensions['.js'](module, DROPPED);
  },
  'children of a module'() {
    module.children.push(new Module(DROPPED));
    module.children[0].load(DROPPED);
  },
  'imports of package.json'() {
    require('#dropped');
  },
  'exports of package.json'() {
    require('dropped-package/dropped');
  },
  'imports of package.json, imported'() {
    return import('#dropped');
  },
  'createRequire of a URL that is no file’s own'() {
    Module.createRequire(`file://${__dirname}/nowhere/../x.mjs`)('./dropped.cjs');
  },
};
ways[which]();
