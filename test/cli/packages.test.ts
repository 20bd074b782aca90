import { expect, it } from 'vitest';

import { packageOf } from '../../src/cli/packages.js';

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
