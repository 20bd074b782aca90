/** The directory that a denial names for `mayexec scan` and `mayexec seal`. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { afterAll, expect, test } from 'vitest';

import { applicationOf } from '../src/application-of.js';

const root = mkdtempSync(join(tmpdir(), 'mayexec-application-'));
afterAll(() => {
  rmSync(root, { recursive: true });
});

for (const folder of ['app', 'app/node_modules/dep', 'workspace/packages/one', 'alone'])
  mkdirSync(join(root, folder), { recursive: true });
for (const folder of ['app', 'app/node_modules/dep', 'workspace', 'workspace/packages/one'])
  writeFileSync(join(root, folder, 'package.json'), '{}');

test.for<[file: string, application: string]>([
  ['app/lib/deep/file.js', 'app'],
  ['app/node_modules/dep/index.js', 'app'],
  ['app/node_modules/dep/node_modules/inner/index.js', 'app'],
  ['app/node_modules/.pnpm/dep@1.0.0/node_modules/dep/index.js', 'app'],
  ['workspace/packages/one/index.js', 'workspace/packages/one'],
  ['alone/file.js', 'alone'],
])('%s belongs to %s', ([file, application]) => {
  expect(applicationOf(join(root, file))).toBe(join(root, application));
});

test('a file right beneath the root is named by it', () => {
  expect(applicationOf('/file.js')).toBe(dirname('/file.js'));
});
