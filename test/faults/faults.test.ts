/**
 * Each system call of a call of the API, and of the addon's operations, fails once with each errno
 * of its manual page. The error has the right class, nothing is handed over that should not be,
 * nothing stays open, and the next call works. No call makes a system call that has no fault here
 * and no reason to have none.
 */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect } from 'vitest';

import { addon } from '../support/built.js';
import { has, needs } from '../support/kernel.js';
import './operation-rows.js';
import { box, executable, IN_WORKER, rows, type Outcome } from './rows.js';
import { ARCH, nameOf, NUMBERS, WITHOUT_FAULT } from './system-calls.js';

interface Result extends Outcome {
  /** How often each fault came about. */
  readonly answered: readonly number[];
  /** The numbers of all system calls. */
  readonly seen: readonly number[];
  readonly left: readonly string[];
  /** The same call where nothing fails, before and afterwards. */
  readonly first: Outcome;
  readonly next: unknown;
}

/** program.mjs opens the file whose fd it gives. */
const ofProgram = (call: string): readonly string[] =>
  /^(addon\.|check)/.test(call) ? ['openat'] : [];

describe('a system call that fails', () => {
  let results: readonly Result[] = [];
  let operations: readonly string[] = [];
  beforeAll(() => {
    if (!has('execveCheck') || !has('openat2') || !has('prctl')) return;
    const inject = box.path('inject');
    const source = fileURLToPath(new URL('inject.c', import.meta.url));
    execFileSync('cc', ['-std=c11', '-O1', '-o', inject, source]);
    // As long as inject.c's struct control.
    const control = box.file('control', 0o600, Buffer.alloc(4 * 11 + 512).toString('latin1'));
    const table = box.path('rows.json');
    const made = rows.map(({ faults, call, path, enforce }) => ({
      ...{ call, path, enforce },
      faults: faults.map(({ syscall, errno, skip, count }) => ({
        ...{ nr: NUMBERS[syscall][ARCH], errno: constants.errno[errno], skip, count },
      })),
    }));
    writeFileSync(table, JSON.stringify({ executable, rows: made }));
    const program = fileURLToPath(new URL('program.mjs', import.meta.url));
    const index = new URL('../../dist/index.js', import.meta.url).href;
    const output = execFileSync(
      'setpriv',
      [
        '--bounding-set=-dac_override',
        '--inh-caps=-dac_override',
        inject,
        control,
        '--',
        process.execPath,
        program,
        index,
        addon,
        control,
        table,
      ],
      { encoding: 'utf8', maxBuffer: 1 << 26 },
    );
    ({ results, operations } = JSON.parse(output) as {
      results: Result[];
      operations: string[];
    });
  });

  for (const [i, { title, faults, outcome }] of rows.entries()) {
    needs('openat2', 'execveCheck')(title, () => {
      const result = results[i];
      expect(result).toMatchObject(outcome);
      if (outcome.error !== undefined)
        expect(result?.text, 'nothing is handed over').toBeUndefined();
      for (const [n, { syscall, count }] of faults.entries()) {
        expect(result?.answered[n], `${syscall} failed`).toBeGreaterThan(0);
        expect(result?.answered[n]).toBeLessThanOrEqual(count);
      }
      expect(result?.left, 'fds left open').toEqual([]);
      const { first } = result ?? {};
      expect(first?.error).toBeUndefined();
      const works =
        first?.verdict === undefined
          ? first
          : { ...first, verdict: { allowed: first.verdict['allowed'] } };
      expect(result?.next, 'the next call').toMatchObject(works as object);
    });
  }

  for (const call of new Set(rows.map((row) => row.call))) {
    // Its start makes all that Node makes.
    if (call === IN_WORKER) continue;
    needs('openat2', 'execveCheck')(`is the only one that ${call} makes`, () => {
      const ofCall = [...rows.entries()].filter(([, row]) => row.call === call);
      const failed = ofCall.flatMap(([, { faults }]) => faults.map(({ syscall }) => syscall));
      const known = new Set<string>([...failed, ...Object.keys(WITHOUT_FAULT), ...ofProgram(call)]);
      const seen = new Set(ofCall.flatMap(([i]) => results[i]?.seen.map(nameOf) ?? []));
      expect([...seen].filter((name) => !known.has(name))).toEqual([]);
    });
  }

  needs('openat2', 'execveCheck')('is looked for in every operation of the addon', () => {
    const exported = createRequire(import.meta.url)(addon) as object;
    expect([...operations].sort()).toEqual(Object.keys(exported).sort());
  });
});
