import type { DenialReason } from '../verdict.js';

/** A path beneath the root: bytes where it is not UTF-8. */
export type TreePath = string | Buffer;

export const display = (path: TreePath): string =>
  typeof path === 'string' ? path : path.toString();

// native/tree.h
export const LIST = 1;
export const kinds = { code: 1, link: 2, error: 3, package: 4, script: 5 } as const;
const HEADER = 20;
const reasons: readonly (DenialReason | undefined)[] = [
  undefined,
  'noexec-mount',
  'mode',
  'security-module',
];

/** What the walk has to say of files in one directory. Their names are decoded when asked for. */
export class TreeRecord {
  readonly kind: number;
  /** 0, or a negative errno. */
  readonly result: number;
  readonly reason: DenialReason | undefined;
  /** How many files it is about: none, when it is about the directory. */
  readonly count: number;
  readonly end: number;
  readonly #bytes: Buffer;
  readonly #directory: number;
  readonly #content: number;

  constructor(bytes: Buffer, at: number) {
    this.#bytes = bytes;
    this.#directory = at + HEADER;
    this.#content = this.#directory + bytes.readUInt32LE(at);
    this.end = this.#content + bytes.readUInt32LE(at + 4);
    this.result = bytes.readInt32LE(at + 8);
    this.count = bytes.readUInt32LE(at + 12);
    this.kind = bytes.readUInt8(at + 16);
    this.reason = reasons[bytes.readUInt8(at + 17)];
  }

  /** The directory's path, for showing; empty for the root. */
  get directory(): string {
    return this.#bytes.toString('utf8', this.#directory, this.#content);
  }

  /** The text of a package.json. */
  get text(): string {
    return this.#bytes.toString('utf8', this.#content, this.end);
  }

  /** The paths of the files, or of the directory when it is about that. */
  get paths(): TreePath[] {
    const before = this.directory === '' ? '' : `${this.directory}/`;
    if (this.count === 0) return this.directory === '' ? ['.'] : this.#fromBytes();
    const names = this.text;
    if (before.includes('\ufffd') || names.includes('\ufffd')) return this.#fromBytes();
    return names.split('/').map((name) => before + name);
  }

  /** The same where something is not UTF-8, or looks as if it were not. */
  #fromBytes(): TreePath[] {
    const directory = this.#bytes.toString('latin1', this.#directory, this.#content);
    const names = this.#bytes.toString('latin1', this.#content, this.end);
    const paths = this.count === 0 ? [directory] : names.split('/');
    const before = this.count === 0 || directory === '' ? '' : `${directory}/`;
    return paths.map((path) => {
      const bytes = Buffer.from(before + path, 'latin1');
      const text = bytes.toString();
      return bytes.equals(Buffer.from(text)) ? text : bytes;
    });
  }
}

export function* decode(bytes: Buffer): Generator<TreeRecord> {
  for (let at = 0; at < bytes.length;) {
    const record = new TreeRecord(bytes, at);
    yield record;
    at = record.end;
  }
}
