import { directoryAbove, isNodeModules } from './directory-above.js';
import { textOf, type LogFiles } from './log-files.js';

/** A name has up to 214 characters. */
const MAX_TEXT = 512;

const { parse } = JSON;

/** `name@version` of a package.json; undefined for one that names no package. */
function named(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  try {
    const { name, version } = parse(text) as { name?: unknown; version?: unknown };
    if (typeof name !== 'string' || name === '') return undefined;
    return (typeof version === 'string' ? `${name}@${version}` : name).slice(0, MAX_TEXT);
  } catch {
    return undefined;
  }
}

/**
 * Finds the package of a file: the nearest package.json that names one. It looks into each
 * directory once.
 */
export class Packages {
  readonly #files: LogFiles;
  readonly #known = { __proto__: null } as unknown as Record<string, string | undefined>;

  constructor(files: LogFiles) {
    this.#files = files;
  }

  /** The path is absolute. */
  of(path: string): string | undefined {
    return this.#in(directoryAbove(path));
  }

  #in(directory: string): string | undefined {
    if (directory in this.#known) return this.#known[directory];
    let found = named(textOf(this.#files, `${directory}/package.json`));
    // A file directly in node_modules belongs to no package.
    const isOutermost = directory === '' || isNodeModules(directory);
    if (found === undefined && !isOutermost) found = this.#in(directoryAbove(directory));
    return (this.#known[directory] = found);
  }
}
