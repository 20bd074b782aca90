import { describe, expect, it } from 'vitest';

import { mayHaveTargets, packageOf, targetsOf } from '../../src/cli/packages.js';

describe('a package.json is read closely', () => {
  it.each([
    ['main without extension', '{"main":"lib/entry"}'],
    ['main after spaces and a line break', '{"main" :\n "x.es6"}'],
    ['main with an escape', String.raw`{"main":"a\".sh"}`],
    ['main whose name is written with escapes', String.raw`{"m\u0061in":"x.sh"}`],
    ['main with an escaped slash', String.raw`{"exports":".\/x"}`],
    ['a second main', '{"main":"a.js","x":{},"main":"b.sh"}'],
    ['bin as a string', '{"bin":"cli"}'],
    ['bin as an object', '{"bin":{"a":"./a.js","b":"./b"}}'],
    ['bin as an object whose first is plain', '{"bin":{"a":"a.js" , "b" : "b.sh"}}'],
    ['bin as a list', '{"bin":["a"]}'],
    ['exports without extension', '{"exports":{".":{"node":"./x"}}}'],
    ['exports in a hidden file', '{"exports":"./.x"}'],
    ['exports in a folder with a dot', '{"exports":"./v1.2/x"}'],
    ['imports without extension', '{"imports":{"#x":["./x"]}}'],
  ])('%s', (_name, text) => {
    expect(targetsOf(JSON.parse(text))).not.toEqual([]);
    expect(mayHaveTargets(text)).toBe(true);
  });
});

it.each([
  '{"name":"x","main":"index.js","bin":{"a":"./a.js","b":"b.mjs"},"scripts":{"a":"b"}}',
  '{"exports":{"./sub":{"import":"./sub.mjs","types":"./sub.d.ts"},"./package.json":"./package.json"}}',
  '{"version":"1.0.0"}',
])('most are not read closely: %s', (text) => {
  expect(targetsOf(JSON.parse(text))).toEqual([]);
  expect(mayHaveTargets(text)).toBe(false);
});

it.each([
  ['node_modules/a', 'a'],
  ['node_modules/a/lib', 'a'],
  ['node_modules/@s/a/lib', '@s/a'],
  ['x/node_modules/a/node_modules/b', 'b'],
  ['node_modules', 'root'],
  ['', 'root'],
  ['src/deep', 'src'],
])('the files in %j are those of %s', (directory, owner) => {
  const names = new Map([
    ['', 'root'],
    ['src', 'src'],
  ]);
  expect(packageOf(directory, names)).toBe(owner);
});
