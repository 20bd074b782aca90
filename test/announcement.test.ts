/** docs/announcement.md names tests and kernels that exist, and no run that the lab does not make. */
import { existsSync, readFileSync } from 'node:fs';
import { matchesGlob } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

import { kernels } from '../lab/kernels.js';
import { hostOnly } from '../lab/suite.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const page = readFileSync(`${root}docs/announcement.md`, 'utf8');

const codes = (cell: string): string[] =>
  [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);

const rows = page
  .split('\n')
  .filter(
    (line) => line.startsWith('| ') && !line.startsWith('| The point ') && !line.startsWith('| --'),
  )
  .map((line) => line.split(' | ').map((cell) => cell.replaceAll(/^\| | *\|$/g, '').trim()))
  .map(([point = '', , test = '', kernel = '']) => ({ point, test, kernel }));

const isOnHostAlone = (test: string): boolean => hostOnly.some((glob) => matchesGlob(test, glob));

it('has a row for each point', () => {
  expect(rows.length).toBeGreaterThan(20);
});

describe.each(rows)('$point', ({ test, kernel }) => {
  it('names tests that exist', () => {
    if (test === 'none') return;
    expect(codes(test)).not.toEqual([]);
    for (const file of codes(test)) expect(existsSync(root + file), file).toBe(true);
  });

  it('names kernels that run them', () => {
    if (test === 'none') return;
    expect(codes(kernel)).not.toEqual([]);
    for (const name of codes(kernel)) expect(Object.keys(kernels)).toContain(name);
    if (codes(test).every(isOnHostAlone)) expect(codes(kernel)).toEqual(['host']);
  });
});
