import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { expect, it } from 'vitest';

import { Recorder } from '../../src/audit-record.js';
import { FILES } from '../../src/log-files.js';

const docs = fileURLToPath(new URL('../../docs/', import.meta.url));
const page = readFileSync(`${docs}fleet.md`, 'utf8');

/** What is in a record of the launcher, or in the line about lost verdicts, besides. */
const ELSEWHERE = ['variable', 'dropped'];

/** Fields that have no value are there, too. */
function fieldsOfRecords(): string[] {
  const line = new Recorder(FILES, undefined, 0).line({
    operation: 'load',
    origin: 'require',
    verdict: { allowed: true, binding: false, mechanism: 'none' },
    denied: false,
    wouldDeny: false,
    fd: 0,
  });
  return [...Object.keys(line), ...ELSEWHERE].sort();
}

/** The names in the first column of the table beneath a heading. */
function firstColumn(heading: string): string[] {
  const [, section = ''] = page.split(`## ${heading}\n`);
  const [table = ''] = section.split('\n## ');
  return [...table.matchAll(/^\| (`[^|]*`) *\|/gm)]
    .flatMap(([, names = '']) => [...names.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name))
    .sort();
}

it('load.sql has a column for each field of a record', () => {
  const sql = readFileSync(`${docs}recipes/fleet/load.sql`, 'utf8');
  const [, columns = ''] = /columns = \{([^}]*)\}/.exec(sql) ?? [];
  const names = [...columns.matchAll(/(\w+): '/g)].map(([, name = '']) => name);
  expect(names.sort()).toEqual(fieldsOfRecords());
});

it('docs/fleet.md describes each field of a record', () => {
  expect(firstColumn('The record')).toEqual(fieldsOfRecords());
});

it('docs/fleet.md has each field of a record in OCSF and ECS', () => {
  expect(firstColumn('The same in OCSF and ECS')).toEqual(fieldsOfRecords());
});

it('docs/fleet.md names each query', () => {
  const files = readdirSync(`${docs}recipes/fleet`).filter((name) => name.endsWith('.sql'));
  expect(firstColumn('The queries')).toEqual(files.sort());
});
