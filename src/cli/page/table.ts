import { grouped } from '../terminal.js';
import { Markup, markup, type Content } from './markup.js';

interface Column<Row> {
  readonly head: string;
  /** The class of its cells. */
  readonly kind?: string;
  readonly cell: (row: Row) => Content;
}

/** A table of more rows scrolls on the screen, so that the next one can be seen. */
const WITHOUT_SCROLLING = 15;

export function tableOf<Row>(
  { id = '', caption, most }: { id?: string; caption: Content; most: number },
  rows: readonly Row[],
  columns: readonly Column<Row>[],
): Markup {
  const shown = rows.slice(0, most);
  const more = rows.length - shown.length;
  const heads = columns.map(({ head, kind }) => markup`<th class="${kind}">${head}</th>`);
  const body = shown.map(
    (row) =>
      markup`<tr>${columns.map(({ kind, cell }) => markup`<td class="${kind}">${cell(row)}</td>`)}</tr>\n`,
  );
  const kind = shown.length > WITHOUT_SCROLLING ? 'scroll' : '';
  return markup`<div class="${kind}"><table id="${id}"${new Markup(id === '' ? '' : ' class="filtered"')}><caption>${caption}</caption><thead><tr>${heads}</tr></thead><tbody>${body}</tbody></table></div>${
    more > 0 ? markup`<p class="soft">and ${grouped(more)} more</p>` : undefined
  }`;
}

export const bar = (part: number, colour: string): Markup =>
  markup`<svg aria-hidden="true"><rect class="${colour}" width="${Math.max(1, Math.round(100 * part))}%" height="100%"/></svg>`;
