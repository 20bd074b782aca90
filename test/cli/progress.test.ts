import { fileURLToPath } from 'node:url';

import { expect } from 'vitest';

import { withPrograms } from '../support/other-programs.js';
import { nodeOnTerminal } from './run.js';

/** What is drawn on a terminal of 80 columns, the last state of the line. */
async function drawn(title: string, text: string): Promise<string[]> {
  const program = fileURLToPath(new URL('draw-bar.ts', import.meta.url));
  const output = await nodeOnTerminal(['--import', 'tsx', program, title, text]);
  return output
    .split(/[\r\n]/)
    .flatMap((line) => line.split('\u001b'))
    .map((piece) => piece.replace(/^\[[\d;?]*[A-Za-z]/, ''))
    .filter((line) => line.includes('30/40'));
}

const inTerminal = withPrograms('script');

inTerminal('draws a bar on a terminal where the work is long', async () => {
  expect((await drawn('work', 'files')).at(-1)).toMatch(/^work =+ +30\/40 files$/);
});

inTerminal('at 80 columns a long name leaves room for the bar and the numbers', async () => {
  const name = '/srv/applications/with-a-name/that-is-longer/than-a-terminal/is-wide/the-end';
  const lines = await drawn(name, 'directories, 55,832 files');
  for (const line of lines) expect(line.length).toBeLessThan(80);
  expect(lines.at(-1)).toMatch(/^….*the-end =+ +30\/40 directories, 55,832 files$/);
});
