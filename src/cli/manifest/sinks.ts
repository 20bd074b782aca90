import { display, isText } from '../tree/path.js';
import type { ManifestFile } from './format.js';
import { sizeOf, verityOf } from './fsverity.js';

/** The formats in which other programs take a list of approved files. */
export const SINKS = ['fapolicyd', 'fsverity', 'paths'] as const;
export type Sink = (typeof SINKS)[number];

/** An open file of the list, and its path on the host where the list is used. */
interface Entry {
  readonly file: ManifestFile;
  readonly path: string;
  readonly fd: number;
}

interface Format {
  /** The characters in a path that the format cannot express. */
  readonly never: RegExp;
  /** Throws node:fs's errors. */
  readonly line: (entry: Entry) => string;
}

const FORMATS: Readonly<Record<Sink, Format>> = {
  /** A line of /etc/fapolicyd/trust.d: fapolicyd.trust(5). */
  fapolicyd: {
    never: /\s/,
    line: ({ path, file, fd }) => `${path} ${sizeOf(fd)} ${file.sha256}\n`,
  },
  /** As fsverity(1) digest prints it. */
  fsverity: { never: /[\r\n]/, line: ({ path, fd }) => `sha256:${verityOf(fd)} ${path}\n` },
  /** For xargs -0: evmctl, fsverity and others take a file at a time. */
  paths: { never: /\0/, line: ({ path }) => `${path}\0` },
};

/** The line of a file. Undefined when the format cannot express its name. */
export function lineFor(
  sink: Sink,
  file: ManifestFile,
  prefix: string,
  fd: number,
): string | undefined {
  const { never, line } = FORMATS[sink];
  const path = `${prefix === '/' ? '' : prefix}/${display(file.path)}`;
  if (!isText(file.path) || never.test(path)) return undefined;
  return line({ file, path, fd });
}
