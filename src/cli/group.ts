/** The items of each key, in the order in which the keys occur. */
export function groupBy<Item>(
  items: Iterable<Item>,
  key: (item: Item) => string,
): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const name = key(item);
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [item]);
    else group.push(item);
  }
  return groups;
}

/** The number of items of each key, sorted by number and then by key. */
export function countBy<Item>(
  items: readonly Item[],
  key: (item: Item) => string,
): [key: string, count: number][] {
  return [...groupBy(items, key)]
    .map(([name, group]): [string, number] => [name, group.length])
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
}
