/** What the launcher takes from the tables of src, before they become C. */
import { constants } from 'node:os';

import { expect, test } from 'vitest';

import { tables } from '../../src/launch/tables.js';
import { everyOption } from '../../src/tables/options.js';
import { everyV8Option } from '../../src/tables/v8-options.js';

test('each errno of this system has its name', () => {
  const errno: Readonly<Record<string, number>> = constants.errno;
  const names = new Map(tables.errnos.map(({ number, code }) => [number, code]));
  for (const [name, number] of Object.entries(errno))
    expect(errno[names.get(number) ?? ''], name).toBe(number);
});

test("each row of an option is there, and says whether it is V8's", () => {
  const rowsOf = (isV8: boolean): string[] =>
    tables.options.filter((row) => row.isV8 === isV8).map(({ name }) => name);
  expect(rowsOf(true)).toEqual(everyV8Option().map(({ name }) => name));
  expect([...rowsOf(false), ...rowsOf(true)]).toEqual(everyOption().map(({ name }) => name));
});

test('each gate that a row names is one of the gates', () => {
  for (const { gate } of tables.options) {
    if (gate !== undefined) expect(tables.gates).toContain(gate);
  }
});
