import type { Way } from './compare.js';

/** A test of Node's that cannot pass with the preload, and why. */
interface Difference {
  readonly test: RegExp;
  readonly ways: readonly Way[];
  readonly reason: string;
}

const EVERY: readonly Way[] = ['cli', 'node-options', 'log'];

export const differences: readonly Difference[] = [
  {
    test: /permission/,
    ways: EVERY,
    reason:
      'without --allow-addons the addon cannot be loaded, and then nobody knows the securebits',
  },
  {
    test: /es-module\/test-esm-cjs-named-error\.mjs$/,
    ways: EVERY,
    reason: 'Node 22 loses the helpful message with any module.registerHooks; 24 and 26 keep it',
  },
];
