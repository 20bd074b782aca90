// Another text for files that are on the disk, by a function of fs: replaced.cjs FUNCTION HOW
'use strict';
const fs = require('node:fs');

const [, , name, how] = process.argv;
const TEXT = {
  cjs: "require('node:fs').writeSync(1, 'virtual\\n')",
  mjs: "import { writeSync } from 'node:fs'; writeSync(1, 'virtual\\n')",
  json: '{ "virtual": true }',
};
const textOf = (path) => TEXT[/disk\.(\w+)$/.exec(String(path))?.[1]];
const owner = name.startsWith('binding ') ? process.binding('fs') : fs;
const key = name.replace('binding ', '');
const original = owner[key];
const opened = new Map();

if (key === 'openSync' || key === 'open') {
  // As memfs does: a real file with the text, in the place of the one that was asked for.
  owner[key] = function (path, ...rest) {
    const text = textOf(path);
    if (text === undefined) return Reflect.apply(original, this, [path, ...rest]);
    if (!opened.has(text)) {
      opened.set(text, `${__dirname}/virtual-${opened.size}`);
      fs.writeFileSync(opened.get(text), text);
    }
    return Reflect.apply(original, this, [opened.get(text), ...rest]);
  };
} else {
  owner[key] = function (path, ...rest) {
    const text = textOf(path);
    if (text === undefined) return Reflect.apply(original, this, [path, ...rest]);
    return key === 'readFileUtf8' || rest[0] !== undefined ? text : Buffer.from(text);
  };
}

const say = (error) =>
  console.log(error.code, /could not|did not come from a file/.test(error.message));
try {
  if (how === 'import') import('./disk.mjs').catch(say);
  else if (how === 'json') console.log(require('./disk.json'));
  else require('./disk.cjs');
} catch (error) {
  say(error);
}
