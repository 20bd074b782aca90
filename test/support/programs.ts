import { readFileSync } from 'node:fs';

/** Reads the programs of a table, which are files of a folder. */
export const programsIn =
  (folder: URL) =>
  (file: string): string =>
    readFileSync(new URL(file, folder), 'utf8');
