import type { OptionRow } from './options.js';
import {
  StringPrototypeCharAt,
  StringPrototypeIndexOf,
  StringPrototypeSlice,
  StringPrototypeStartsWith,
} from '../primordials.js';

/*
 * A table of options. Some have their own row. Most share everything except their names, so they
 * are in groups. The names of a group stay one text, because splitting it would slow down every
 * start of Node.
 */

/** Options that differ only in their names. */
export interface OptionGroup {
  /** Without dashes, separated by white space. A `=` follows a name with a value. */
  readonly names: string;
  /** The kind of value of each name without a `=`. */
  readonly value: OptionRow['value'];
  readonly common: Omit<OptionRow, 'name' | 'aliases' | 'value'>;
}

export interface OptionTable {
  readonly rows: readonly OptionRow[];
  readonly groups: readonly OptionGroup[];
}

/** Finds the row of an option by its name with dashes. */
export type FindRow = (name: string) => OptionRow | undefined;

const { create, hasOwn } = Object;

function rowOf({ value, common }: OptionGroup, name: string, takesValue: boolean): OptionRow {
  return { name, aliases: [], value: takesValue ? 'required' : value, ...common };
}

const SPACE = ' \n';
const isBetween = (character: string): boolean =>
  character === '' || StringPrototypeIndexOf(SPACE, character) >= 0;

/** Where a whole name begins in the text of a group, or -1. */
function find(names: string, name: string): number {
  for (
    let at = StringPrototypeIndexOf(names, name);
    at >= 0;
    at = StringPrototypeIndexOf(names, name, at + 1)
  ) {
    const behind = StringPrototypeCharAt(names, at + name.length);
    const isBegin = isBetween(StringPrototypeCharAt(names, at - 1));
    if (isBegin && (isBetween(behind) || behind === '=')) return at;
  }
  return -1;
}

/**
 * Whether a text can be one name. Otherwise two adjacent names of a group would be found as one.
 */
function isName(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const character = StringPrototypeCharAt(text, i);
    if (isBetween(character) || character === '=') return false;
  }
  return text !== '';
}

/** It also works, and can be called, after hostile code has run. */
export function finder({ rows, groups }: OptionTable): FindRow {
  const byName = create(null) as Record<string, OptionRow>;
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] as OptionRow;
    byName[row.name] = row;
    for (let j = 0; j < row.aliases.length; j++) byName[row.aliases[j] as string] = row;
  }
  return (name) => {
    if (hasOwn(byName, name)) return byName[name];
    if (!StringPrototypeStartsWith(name, '--')) return undefined;
    const bare = StringPrototypeSlice(name, 2);
    if (!isName(bare)) return undefined;
    for (let i = 0; i < groups.length; i++) {
      const group = groups[i] as OptionGroup;
      const at = find(group.names, bare);
      if (at !== -1)
        return rowOf(group, name, StringPrototypeCharAt(group.names, at + bare.length) === '=');
    }
    return undefined;
  };
}

/** All rows, for building other tables. */
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
