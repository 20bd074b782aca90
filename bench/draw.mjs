/*
 * Draws what bench/api.mjs has measured: a group of bars a task, a bar a way, on a logarithmic
 * scale. The least times of the rounds, which other processes disturb least.
 *
 * usage: node bench/api.mjs --json >api.json && node bench/draw.mjs api.json >docs/api.svg
 */
import { readFileSync } from 'node:fs';

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

const escaped = (text) => text.replace(/[&<>]/g, (c) => `&#${c.charCodeAt(0)};`);
const text = (at, y, what, more = '') =>
  `<text x="${at.toFixed(1)}" y="${y.toFixed(1)}"${more}>${escaped(what)}</text>`;
const rect = (at, y, width, height, colour) =>
  `<rect x="${at.toFixed(1)}" y="${y.toFixed(1)}" width="${width.toFixed(1)}" height="${height}" fill="${colour}"/>`;

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
  const line = `<line x1="${at.toFixed(1)}" y1="${HEAD - 8}" x2="${at.toFixed(1)}" y2="${y - GAP + 4}" stroke="#dde3e8"/>`;
  return line + text(at, y + 4, `${10 ** i} µs`, ' text-anchor="middle" class="number"');
});
const names = [...new Set(tasks.flatMap(({ ns }) => Object.keys(ns)))];
const legend = names.map((name, i) => {
  const at = LEFT + i * 90;
  return rect(at, 24, 12, 12, COLOURS[name]) + text(at + 18, 34, name);
});

console.log(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${y + FOOT - 10}" role="img">
<title>Microseconds of one call: node:fs, C and mayexec</title>
<style>text { font: 12px sans-serif; fill: #24303a } .number { font-size: 11px; fill: #5a6872 }</style>
<rect width="100%" height="100%" fill="#fff"/>
${legend.join('\n')}
${grid.join('\n')}
${bars.join('\n')}
${text(12, y + 24, `µs a call, logarithmic, least of ${rounds} rounds. Where mayexec checks, C does too; node:fs never does. Linux ${kernel.split('-')[0]}, Node ${node}`, ' class="number"')}
</svg>`);
