import { display, isText } from '../tree/path.js';
import type { ManifestFile } from './format.js';
import { sizeOf, verityOf } from './fsverity.js';

/** What other programs take a list of approved files in. */
export const SINKS = ['fapolicyd', 'fsverity', 'paths'] as const;
export type Sink = (typeof SINKS)[number];

/** A file that is being written down, and its path where it will be. */
interface Entry {
  readonly file: ManifestFile;
  readonly path: string;
  readonly fd: number;
}

interface Format {
  /** What no path may hold, since the format has no way to say it. */
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

/** The line of a file; undefined when the format cannot say its name. */
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
