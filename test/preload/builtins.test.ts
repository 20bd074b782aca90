/**
 * A guard of a builtin that is not complete. It has a file of its own, because a restriction of this
 * process stays.
 */
import { runInThisContext } from 'node:vm';

import { expect, test } from 'vitest';

import { enforceOnThisThread } from '../../src/policy.js';
import { builtinAsked, whenAsked } from '../../src/preload/lib/builtins.js';

const owner = globalThis as { ask?: () => void };

test('a builtin whose guard a timeout has ended is refused', () => {
  enforceOnThisThread('this test');
  whenAsked(['node:zlib'], () => {
    for (;;);
  });
  owner.ask = () => {
    builtinAsked('node:zlib');
  };
  expect(() => {
    runInThisContext('ask()', { timeout: 20 });
  }).toThrow('timed out');
  expect(owner.ask).toThrow("'node:zlib' is asked for while mayexec guards it");
});

test('a builtin that the program asks for from within its guard is refused', () => {
  let during: unknown;
  whenAsked(['node:dns'], () => {
    try {
      builtinAsked('node:dns');
    } catch (error) {
      during = error;
    }
  });
  builtinAsked('node:dns');
  expect(String(during)).toContain("'node:dns' is asked for while mayexec guards it");
  expect(() => {
    builtinAsked('node:dns');
  }).not.toThrow();
});
