import { fileURLToPath } from 'node:url';

import { expect } from 'vitest';

import { withPrograms } from '../support/other-programs.js';
import { nodeOnTerminal } from './run.js';

withPrograms('script')('draws a bar on a terminal where the work is long', async () => {
  const program = fileURLToPath(new URL('draw-bar.ts', import.meta.url));
  const output = await nodeOnTerminal(['--import', 'tsx', program]);
  expect(output).toMatch(/work =+ +30\/40 files/);
});
