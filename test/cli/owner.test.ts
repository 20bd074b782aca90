import { expect, it } from 'vitest';

import { packageOf } from '../../src/cli/tree/owner.js';
import { toPath } from '../../src/cli/tree/path.js';

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
    [toPath(''), 'root'],
    [toPath('src'), 'src'],
  ]);
  expect(packageOf(toPath(directory), names)).toBe(owner);
});
