import { styled } from './terminal.js';

type Row = readonly (string | number)[];

/** Columns without lines, which people and awk can read. */
export function table(rows: readonly Row[], head?: readonly string[]): string {
  const widths: number[] = [];
  for (const row of head === undefined ? rows : [head, ...rows]) {
    row.forEach((cell, i) => (widths[i] = Math.max(widths[i] ?? 0, String(cell).length)));
  }
  const line = (row: Row): string =>
    row
      .map((cell, i) => String(cell).padEnd(i < row.length - 1 ? (widths[i] ?? 0) : 0))
      .join('  ')
      .trimEnd();
  const lines = rows.map(line);
  if (head !== undefined) lines.unshift(styled('bold', line(head)));
  return lines.join('\n');
}
