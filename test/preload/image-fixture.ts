import { spawnSync } from 'node:child_process';
import {
  closeSync,
  copyFileSync,
  cpSync,
  mkdirSync,
  openSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { expect } from 'vitest';

import { command } from '../support/built.js';
import { HEADER, RECORD, type Directory } from '../../src/image/format.js';
import { readDirectory, sha256 } from '../../src/image/read.js';
import type { Outcome } from './policy-host.js';

const programs = fileURLToPath(new URL('imaged', import.meta.url));
export const said = (outcome: Outcome): string => JSON.stringify(outcome, null, 1);

/** An application in a folder, none of whose files is executable. */
export function applicationIn(folder: string, name: string): string {
  const app = join(folder, name);
  cpSync(programs, app, { recursive: true });
  mkdirSync(join(app, 'node_modules/dep'), { recursive: true });
  copyFileSync(join(app, 'dep.js'), join(app, 'node_modules/dep/index.js'));
  writeFileSync(join(app, 'package.json'), '{ "name": "app" }');
  writeFileSync(join(app, 'package-lock.json'), '{}');
  spawnSync('chmod', ['-R', 'a-x,u+X', app]);
  return app;
}

/** Makes an image of an application, beside it. */
export function make(node: string, app: string, ...options: string[]): string {
  const image = `${app}.image`;
  const { status, stderr } = spawnSync(node, [command, 'image', app, '--out', image, ...options], {
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  expect(status).toBe(0);
  return image;
}

export function directoryOf(image: string): Directory {
  const fd = openSync(image, 'r');
  try {
    return readDirectory(fd);
  } finally {
    closeSync(fd);
  }
}

/** Changes an image and gives its directory its hash again, as its owner can. */
export function rewrite(
  image: string,
  change: (bytes: Buffer, directory: { records: Buffer; paths: Buffer }) => void,
): void {
  const bytes = readFileSync(image);
  const [meta, count, names] = [12, 16, 20].map((at) => bytes.readUInt32LE(at)) as [
    number,
    number,
    number,
  ];
  const records = bytes.subarray(HEADER + meta, HEADER + meta + count * RECORD);
  const start = bytes.subarray(0, HEADER + meta + count * RECORD + names);
  change(bytes, { records, paths: start.subarray(HEADER + meta + count * RECORD) });
  bytes.fill(0, 32, HEADER);
  bytes.write(sha256(start), 32, 'hex');
  writeFileSync(image, bytes);
}
