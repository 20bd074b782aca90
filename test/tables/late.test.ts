import { expect, test, vi } from 'vitest';

/*
 * The preload makes these tables when a word or a variable asks for them. The program has run by
 * then, and may have replaced what arrays are looked through with.
 */

/** Runs a function while methods and iterators of arrays throw. */
function amongBrokenArrays<T>(run: () => T): T {
  const owner = Array.prototype as unknown as Record<PropertyKey, unknown>;
  const before = Object.getOwnPropertyDescriptors(Array.prototype);
  const keys = Reflect.ownKeys(before).filter(
    (key) => key !== 'constructor' && typeof owner[key] === 'function',
  );
  const broken = (): never => {
    throw new Error('a method of an array was called');
  };
  for (let i = 0; i < keys.length; i++) owner[keys[i] as PropertyKey] = broken;
  try {
    return run();
  } finally {
    Object.defineProperties(Array.prototype, before as unknown as PropertyDescriptorMap);
  }
}

test.for([
  ['an option of Node', '--inspect', 'inspector'],
  ['a negated one of a group', '--no-warnings', 'harmless'],
  ['an option of V8', '--allow-natives-syntax', 'unchecked'],
])('%s is found after a program has replaced the methods of arrays', async ([, name, effect]) => {
  vi.resetModules();
  const { parseWords } = await import('../../src/tables/words.js');
  const { options } = amongBrokenArrays(() => parseWords([name as string]));
  expect(options[0]?.row?.effect).toBe(effect);
});

test.for([
  ['LD_PRELOAD', true],
  ['NODE_COMPILE_CACHE', true],
  ['FPATH', false],
  ['HOME', false],
] as const)('%s is found, too, and reaches Node: %s', async ([name, reaches]) => {
  vi.resetModules();
  const { isRemoved, reachesNode } = await import('../../src/tables/variables.js');
  expect(amongBrokenArrays(() => [isRemoved(name), reachesNode(name)])).toEqual([
    name !== 'HOME',
    reaches,
  ]);
});

test('a program cannot say by Object.prototype that only shells read a variable', async () => {
  vi.resetModules();
  const { reachesNode } = await import('../../src/tables/variables.js');
  const owner = Object.prototype as { forShells?: true };
  owner.forShells = true;
  try {
    expect(['LD_PRELOAD', 'NODE_COMPILE_CACHE', 'FPATH'].map(reachesNode)).toEqual([
      true,
      true,
      false,
    ]);
  } finally {
    delete owner.forShells;
  }
});
