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

/** What the walk has to say of files in one folder. Paths are decoded when they are asked for. */
export interface TreeRecord {
  readonly kind: number;
  /** 0, or a negative errno. */
  readonly result: number;
  readonly reason: DenialReason | undefined;
  /** How many files it is about: none, when it is about the folder. */
  readonly count: number;
  readonly bytes: Buffer;
  /** Where in them the folder's path begins, the content, and what follows. */
  readonly directory: number;
  readonly content: number;
  readonly end: number;
}

export function decode(bytes: Buffer): TreeRecord[] {
  const records: TreeRecord[] = [];
  const header = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let at = 0; at < bytes.length;) {
    const directory = at + HEADER;
    const content = directory + header.getUint32(at, true);
    const end = content + header.getUint32(at + 4, true);
    records.push({
      kind: header.getUint8(at + 16),
      result: header.getInt32(at + 8, true),
      reason: reasons[header.getUint8(at + 17)],
      count: header.getUint32(at + 12, true),
      bytes,
      directory,
      content,
      end,
    });
    at = end;
  }
  return records;
}

/** The folder's path, for showing: a package's in node_modules, else a directory's; empty for the root. */
export function directoryOf({ bytes, directory, content }: TreeRecord): string {
  return bytes.toString('utf8', directory, content);
}

/** The text of a package.json. */
export function textOf({ bytes, content, end }: TreeRecord): string {
  return bytes.toString('utf8', content, end);
}

/** The paths of the files, or of the folder when it is about that. */
export function pathsOf(record: TreeRecord): TreePath[] {
  const directory = directoryOf(record);
  const names = textOf(record);
  if (directory.includes('\ufffd') || names.includes('\ufffd')) return pathsOfBytes(record);
  if (record.count === 0) return [directory === '' ? '.' : directory];
  const before = directory === '' ? '' : `${directory}/`;
  return names.split('\0').map((name) => before + name);
}

/** The same where something is not UTF-8, or looks as if it were not. */
function pathsOfBytes({ bytes, directory, content, end, count }: TreeRecord): TreePath[] {
  const folder = bytes.toString('latin1', directory, content);
  const names = bytes.toString('latin1', content, end);
  const before = count === 0 || folder === '' ? '' : `${folder}/`;
  return (count === 0 ? [folder] : names.split('\0')).map((name) => {
    const path = Buffer.from(before + name, 'latin1');
    const text = path.toString();
    return path.equals(Buffer.from(text)) ? text : path;
  });
}
