import { fileURLToPath } from 'node:url';

import { expect, it } from 'vitest';

import { nodeOnTerminal } from './run.js';

it('draws a bar on a terminal where the work is long', async () => {
  const program = fileURLToPath(new URL('draw-bar.ts', import.meta.url));
  const output = await nodeOnTerminal(['--import', 'tsx', program]);
  expect(output).toMatch(/work =+ +30\/40 files/);
});
