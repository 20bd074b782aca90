/*
 * Draws what bench/api.mjs has measured: a group of bars a task, a bar a way, on a logarithmic
 * scale. The least times of the rounds, which other processes disturb least.
 *
 * usage: node bench/api.mjs --json >api.json && node bench/draw.mjs api.json >docs/api.svg
 */
import { readFileSync } from 'node:fs';

import { rect, svg, text, upright } from './svg.mjs';

const { kernel, node, rounds, results } = JSON.parse(readFileSync(process.argv[2], 'utf8'));

const COLOURS = { 'node:fs': '#8a9ba8', C: '#c3ccd3', koffi: '#b08d57', mayexec: '#2f7d5b' };
/** What is a start of Node, and no call, is measured on another scale. */
const tasks = results.filter(({ task }) => !task.startsWith('import'));

const BAR = 14;
const GAP = 16;
const HEAD = 56;
const FOOT = 40;
const LEFT = 230;
const WIDTH = 860;
const RIGHT = 70;

const micro = (ns) => ns.least / 1e3;
const most = Math.max(...tasks.flatMap(({ ns }) => Object.values(ns).map(micro)));
const decades = Math.ceil(Math.log10(most));
const x = (us) => LEFT + ((WIDTH - LEFT - RIGHT) * Math.max(0, Math.log10(us))) / decades;

let y = HEAD;
const bars = [];
for (const { task, ns } of tasks) {
  const ways = Object.entries(ns);
  const middle = y + (ways.length * BAR) / 2 + 4;
  bars.push(text(LEFT - 10, middle, task, ' text-anchor="end"'));
  for (const [way, time] of ways) {
    const end = x(micro(time));
    bars.push(rect(LEFT, y, Math.max(1, end - LEFT), BAR - 2, COLOURS[way]));
    bars.push(text(end + 5, y + BAR - 4, `${micro(time).toPrecision(3)}`, ' class="number"'));
    y += BAR;
  }
  y += GAP;
}

const grid = Array.from({ length: decades + 1 }, (_, i) => {
  const at = x(10 ** i);
  const line = upright(at, HEAD - 8, y - GAP + 4, '#dde3e8');
  return line + text(at, y + 4, `${10 ** i} µs`, ' text-anchor="middle" class="number"');
});
const names = [...new Set(tasks.flatMap(({ ns }) => Object.keys(ns)))];
const legend = names.map((name, i) => {
  const at = LEFT + i * 90;
  return rect(at, 24, 12, 12, COLOURS[name]) + text(at + 18, 34, name);
});

const note = `µs a call, logarithmic, least of ${rounds} rounds. Where mayexec checks, C does too; node:fs never does. Linux ${kernel.split('-')[0]}, Node ${node}`;
console.log(
  svg('Microseconds of one call: node:fs, C and mayexec', WIDTH, y + FOOT - 10, [
    ...legend,
    ...grid,
    ...bars,
    text(12, y + 24, note, ' class="number"'),
  ]),
);
