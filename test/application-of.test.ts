/** The directory that a denial names for `mayexec scan` and `mayexec seal`. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, expect, test } from 'vitest';

import { applicationOf } from '../src/application-of.js';

const root = mkdtempSync(join(tmpdir(), 'mayexec-application-'));
afterAll(() => {
  rmSync(root, { recursive: true });
});

const FOLDERS = [
  'app',
  'app/node_modules/dep',
  'workspace/packages/one',
  'lib/node_modules/npm',
  'lib/node_modules/npm/node_modules/dep',
];
for (const folder of [...FOLDERS, 'alone']) mkdirSync(join(root, folder), { recursive: true });
for (const folder of [...FOLDERS, 'workspace'])
  writeFileSync(join(root, folder, 'package.json'), '{}');

test.for<[file: string, application: string]>([
  ['app/lib/deep/file.js', 'app'],
  ['app/node_modules/dep/index.js', 'app'],
  ['app/node_modules/dep/node_modules/inner/index.js', 'app'],
  ['app/node_modules/.pnpm/dep@1.0.0/node_modules/dep/index.js', 'app'],
  ['workspace/packages/one/index.js', 'workspace/packages/one'],
  ['lib/node_modules/npm/bin/npm.js', 'lib/node_modules/npm'],
  ['lib/node_modules/npm/node_modules/dep/index.js', 'lib/node_modules/npm'],
])('%s belongs to %s', ([file, application]) => {
  expect(applicationOf(join(root, file))).toBe(join(root, application));
});

test.for(['/file.js', join(root, 'alone/file.js'), join(root, 'lib/node_modules/file.js')])(
  '%s belongs to none, so nobody is told to seal what is above it',
  (file) => {
    expect(applicationOf(file)).toBeUndefined();
  },
);
