import { scaleBand, scaleLinear } from 'd3-scale';
import { stack } from 'd3-shape';

import type { Markup } from './markup.js';
import { markup } from './markup.js';

/** One layer of the stacked bars: a value for each day. */
export interface Series {
  readonly name: string;
  /** Its colour: a class of the style sheet. */
  readonly colour: string;
  readonly values: readonly number[];
}

// The units are the picture's own. It scales with the page.
const WIDTH = 420;
const HEIGHT = 200;
const LEFT = 38;
const BOTTOM = 22;
const TOP = 8;
/** The widest bar, where there are few days. */
const WIDEST = 36;
/** How many days have a label. */
const NAMED = 5;

const round = (value: number): number => Math.round(value * 100) / 100;

/** An SVG with a stacked bar for each day. It needs no script. */
export function stackedBars(
  title: string,
  days: readonly string[],
  series: readonly Series[],
): Markup {
  const totals = days.map((_, i) => series.reduce((sum, { values }) => sum + (values[i] ?? 0), 0));
  const x = scaleBand([...days], [LEFT, WIDTH])
    .paddingInner(0.15)
    .paddingOuter(0.1);
  const y = scaleLinear([0, Math.max(1, ...totals)], [HEIGHT - BOTTOM, TOP]).nice(4);
  const layers = stack<number, number>()
    .keys(series.keys())
    .value((day, key) => series[key]?.values[day] ?? 0)([...days.keys()]);
  const lines = y
    .ticks(4)
    .filter(Number.isInteger)
    .map(
      (value) =>
        markup`<line class="grid" x1="${LEFT}" x2="${WIDTH}" y1="${round(y(value))}" y2="${round(y(value))}"/><text x="${LEFT - 6}" y="${round(y(value)) + 4}" text-anchor="end">${y.tickFormat(4, '~s')(value)}</text>`,
    );
  const every = Math.ceil(days.length / NAMED);
  const bars = days.map((day, i) => {
    const width = Math.min(x.bandwidth(), WIDEST);
    const left = round((x(day) ?? 0) + (x.bandwidth() - width) / 2);
    const parts = layers.map((layer, key) => {
      const [from = 0, to = 0] = layer[i] ?? [];
      if (to === from) return undefined;
      return markup`<rect class="${series[key]?.colour}" x="${left}" width="${round(width)}" y="${round(y(to))}" height="${round(y(from) - y(to))}"/>`;
    });
    const said = series
      .filter(({ values }) => (values[i] ?? 0) > 0)
      .map(({ name, values }) => `${name} ${values[i] ?? 0}`);
    const label =
      (days.length - 1 - i) % every === 0
        ? markup`<text x="${round(left + width / 2)}" y="${HEIGHT - 6}" text-anchor="middle">${day.slice(5)}</text>`
        : undefined;
    return markup`<g class="day"><title>${day}: ${said.length === 0 ? 'none' : said.join(', ')}</title><rect class="hit" x="${left}" width="${round(width)}" y="${TOP}" height="${HEIGHT - BOTTOM - TOP}"/>${parts}${label}</g>`;
  });
  const keys = series.map(
    ({ name, colour }) =>
      markup`<li><svg class="key" viewBox="0 0 10 10" aria-hidden="true"><rect class="${colour}" width="10" height="10"/></svg>${name}</li>`,
  );
  return markup`<figure><figcaption>${title}</figcaption><ul class="keys">${keys}</ul><svg class="chart" role="img" aria-label="${title}" viewBox="0 0 ${WIDTH} ${HEIGHT}">${lines}${bars}</svg></figure>`;
}
