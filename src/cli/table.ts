import CliTable from 'cli-table3';

import { styled } from './terminal.js';

const nothing = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
};

/** Columns without lines, which a person reads and awk can too. */
export function table(rows: readonly (readonly (string | number)[])[], head?: string[]): string {
  const result = new CliTable({
    chars: nothing,
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [] },
    ...(head === undefined ? {} : { head: head.map((cell) => styled('bold', cell)) }),
  });
  for (const row of rows) result.push(row.map(String));
  return result
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

export type Table = typeof table;
