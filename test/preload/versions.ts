import { fileURLToPath } from 'node:url';

/** The Node versions on which the preload is tested, each from its npm package. */
export const MAJORS = [22, 24, 26] as const;
export type Major = (typeof MAJORS)[number];

/** Each row of a table runs on each Node, which takes hours on a slow machine. */
export const everyNode = process.env['MAYEXEC_EVERY_NODE'] === '1';

/** What takes longest runs on the oldest and the newest Node. */
export const EDGES: readonly Major[] = everyNode ? MAJORS : [22, 26];

interface Row {
  /** The Nodes that know it. */
  readonly since?: number | undefined;
  readonly until?: number | undefined;
}

/** The Nodes on which the row at this place of its table runs: one, and for the next row the next. */
export function nodesOf<M extends number>(row: Row, at: number, nodes: readonly M[]): M[] {
  const { since = 0, until = Infinity } = row;
  const there = nodes.filter((major) => since <= major && major <= until);
  return everyNode ? there : there.slice(at % there.length).slice(0, 1);
}

/** The rows of a table that run on this one of the Nodes. */
export function rowsOn<M extends number, R>(
  major: M,
  rows: readonly (R & Row)[],
  nodes: readonly M[],
): R[] {
  return rows.filter((row, at) => nodesOf(row, at, nodes).includes(major));
}

export function nodeBinary(major: Major | 20): string {
  return fileURLToPath(new URL(`../../node_modules/node-${major}/bin/node`, import.meta.url));
}
