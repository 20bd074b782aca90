import type { OptionRow } from './options.js';
import { charAt, indexOf, slice } from './text.js';

/*
 * A table of options: some have a row each, most share all but their name with others. Their
 * names stay the text that they are, since every start of Node pays for what is made of them.
 */

/** Options that differ in their names alone. */
export interface OptionGroup {
  /** Without dashes, and with white space between them; behind a name that takes a value, `=`. */
  readonly names: string;
  /** What each takes, where no `=` is behind its name. */
  readonly value: OptionRow['value'];
  readonly common: Omit<OptionRow, 'name' | 'aliases' | 'value'>;
}

export interface OptionTable {
  readonly rows: readonly OptionRow[];
  readonly groups: readonly OptionGroup[];
}

/** Finds the row of a name, which is written with its dashes. */
export type FindRow = (name: string) => OptionRow | undefined;

const { create, hasOwn } = Object;

function rowOf({ value, common }: OptionGroup, name: string, takesValue: boolean): OptionRow {
  return { name, aliases: [], value: takesValue ? 'required' : value, ...common };
}

const SPACE = ' \n';
const isBetween = (character: string): boolean =>
  character === '' || indexOf(SPACE, character) >= 0;

/** Where a name begins in the text of a group, or -1. A part of a name is none. */
function find(names: string, name: string): number {
  for (let at = indexOf(names, name); at >= 0; at = indexOf(names, name, at + 1)) {
    const behind = charAt(names, at + name.length);
    const isBegin = at === 0 || isBetween(charAt(names, at - 1));
    if (isBegin && (isBetween(behind) || behind === '=')) return at;
  }
  return -1;
}

/** Whether a text can be one name: that of two would be found where they stand side by side. */
function isName(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const character = charAt(text, i);
    if (isBetween(character) || character === '=') return false;
  }
  return text !== '';
}

/** It looks after hostile code has run as well. */
export function finder({ rows, groups }: OptionTable): FindRow {
  const byName = create(null) as Record<string, OptionRow>;
  for (const row of rows) {
    byName[row.name] = row;
    for (const alias of row.aliases) byName[alias] = row;
  }
  return (name) => {
    if (hasOwn(byName, name)) return byName[name];
    if (charAt(name, 0) !== '-' || charAt(name, 1) !== '-') return undefined;
    const bare = slice(name, 2);
    if (!isName(bare)) return undefined;
    for (let i = 0; i < groups.length; i++) {
      const group = groups[i] as OptionGroup;
      const at = find(group.names, bare);
      if (at >= 0) return rowOf(group, name, charAt(group.names, at + bare.length) === '=');
    }
    return undefined;
  };
}

/** All rows, for whoever makes another table of them. */
export function everyRow({ rows, groups }: OptionTable): OptionRow[] {
  return [
    ...rows,
    ...groups.flatMap((group) =>
      group.names
        .trim()
        .split(/\s+/)
        .map((name) => rowOf(group, `--${name.replace(/=$/, '')}`, name.endsWith('='))),
    ),
  ];
}
