import { printable } from '../terminal.js';

/** A text that is HTML already. Every other text is escaped before it is inserted. */
export class Markup {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

export type Content = string | number | Markup | readonly Content[] | undefined;

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/**
 * Text for HTML, between tags and in quoted attributes. Control characters become visible, as they
 * do on the terminal.
 */
const escaped = (text: string): string =>
  printable(text).replace(/[&<>"']/g, (c) => ESCAPES[c] ?? c);

function textOf(content: Content): string {
  if (content === undefined) return '';
  if (content instanceof Markup) return content.text;
  if (typeof content === 'string') return escaped(content);
  if (typeof content === 'number') return String(content);
  return content.map(textOf).join('');
}

/** HTML from a template. Every inserted content is escaped, except Markup. */
export function markup(parts: TemplateStringsArray, ...contents: readonly Content[]): Markup {
  return new Markup(parts.map((part, i) => part + textOf(contents[i])).join(''));
}
