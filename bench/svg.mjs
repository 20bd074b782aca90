/*
 * The pieces of a picture of bars.
 */

const escaped = (words) => words.replace(/[&<>]/g, (c) => `&#${c.charCodeAt(0)};`);

export const text = (x, y, words, more = '') =>
  `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}"${more}>${escaped(words)}</text>`;

export const rect = (x, y, width, height, colour) =>
  `<rect x="${x.toFixed(1)}" y="${y.toFixed(1)}" width="${width.toFixed(1)}" height="${height}" fill="${colour}"/>`;

export const upright = (x, top, bottom, colour) =>
  `<line x1="${x.toFixed(1)}" y1="${top}" x2="${x.toFixed(1)}" y2="${bottom}" stroke="${colour}"/>`;

export const svg = (title, width, height, pieces) =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img">
<title>${escaped(title)}</title>
<style>text { font: 12px sans-serif; fill: #24303a } .number { font-size: 11px; fill: #5a6872; paint-order: stroke; stroke: #fff; stroke-width: 3px }</style>
<rect width="100%" height="100%" fill="#fff"/>
${pieces.join('\n')}
</svg>`;
