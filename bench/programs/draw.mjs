/*
 * Draws what bench/programs/run.mjs has measured: for each program the processor time of a run as a
 * share of plain Node's, a bar a way, and their geometric means.
 *
 * usage: node bench/programs/run.mjs FOLDER --json programs.json
 *        node bench/programs/draw.mjs programs.json >docs/programs.svg
 */
import { readFileSync } from 'node:fs';

import { rect, svg, text, upright } from '../svg.mjs';

const { kernel, node, rounds, programs } = JSON.parse(readFileSync(process.argv[2], 'utf8'));

const COLOURS = {
  'file by file': '#8a9ba8',
  bytecode: '#b08d57',
  image: '#2f7d5b',
};
const ways = Object.keys(COLOURS);

const BAR = 12;
const GAP = 12;
const HEAD = 56;
const LEFT = 190;
const WIDTH = 860;
const RIGHT = 60;

const mean = (all) => Math.exp(all.reduce((sum, one) => sum + Math.log(one), 0) / all.length);
const shares = programs
  .map(({ program, cpu }) => ({ program, share: (way) => cpu[way] / cpu.plain }))
  .filter(({ share }) => ways.every((way) => Number.isFinite(share(way))));
const rows = [
  { program: 'geometric mean', share: (way) => mean(shares.map(({ share }) => share(way))) },
  ...shares,
];
const most = Math.max(...rows.flatMap(({ share }) => ways.map(share)));
const x = (share) => LEFT + ((WIDTH - LEFT - RIGHT) * share) / most;

let y = HEAD;
const bars = [];
const numbers = [];
for (const { program, share } of rows) {
  bars.push(text(LEFT - 10, y + (ways.length * BAR) / 2 + 4, program, ' text-anchor="end"'));
  for (const way of ways) {
    bars.push(rect(LEFT, y, x(share(way)) - LEFT, BAR - 2, COLOURS[way]));
    numbers.push(text(x(share(way)) + 5, y + BAR - 3, share(way).toFixed(2), ' class="number"'));
    y += BAR;
  }
  y += GAP;
}

const legend = ways.map((way, i) => {
  const at = LEFT + i * 120;
  return rect(at, 24, 12, 12, COLOURS[way]) + text(at + 18, 34, way);
});
const note = `Processor time under both locked securebits, plain Node ${node} = 1 (the line), least of ${rounds} rounds. Linux ${kernel.split('-')[0]}`;
console.log(
  svg('Processor time of real programs under the policy, plain Node = 1', WIDTH, y + 20, [
    ...legend,
    ...bars,
    upright(x(1), HEAD - 6, y - GAP + 4, '#24303a'),
    ...numbers,
    text(12, y + 6, note, ' class="number"'),
  ]),
);
