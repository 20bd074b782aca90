import type { read } from 'node:fs';

/*
 * Some editors write a byte order mark before a text. It is no part of the code, and most languages
 * refuse it. So every text comes without the mark, and bytes are never changed.
 */

const UTF8 = Buffer.from([0xef, 0xbb, 0xbf]);
const UTF16 = Buffer.from([0xff, 0xfe]);

/** The mark in this encoding; undefined where there is none. */
function markOf(encoding: BufferEncoding): Buffer | undefined {
  switch (encoding.toLowerCase()) {
    case 'utf8':
    case 'utf-8':
      return UTF8;
    case 'utf16le':
    case 'utf-16le':
    case 'ucs2':
    case 'ucs-2':
      return UTF16;
    default:
      return undefined;
  }
}

function startsWith(bytes: Uint8Array, mark: Buffer): boolean {
  return mark.equals(bytes.subarray(0, mark.length));
}

export function decode(bytes: Buffer, encoding: BufferEncoding): string;
export function decode(bytes: Buffer, encoding: BufferEncoding | undefined): Buffer | string;
export function decode(bytes: Buffer, encoding: BufferEncoding | undefined): Buffer | string {
  if (encoding === undefined) return bytes;
  const mark = markOf(encoding);
  const start = mark !== undefined && startsWith(bytes, mark) ? mark.length : 0;
  return bytes.toString(encoding, start);
}

/** Removes the mark from a text that was decoded with it. */
export function withoutMark(text: string): string {
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}

type Read = typeof read;
type Done = (error: NodeJS.ErrnoException | null, length: number, buffer: Buffer) => void;
/** node:fs's read, as a ReadStream calls it. */
export type StreamRead = (
  fd: number,
  buffer: Buffer,
  offset: number,
  length: number,
  position: number | null | undefined,
  done: Done,
) => void;

/** A read for a stream of text. It leaves out a mark at the start of the file. */
export function readWithoutMark(read: Read, encoding: BufferEncoding): StreamRead {
  const mark = markOf(encoding);
  if (mark === undefined) return read as StreamRead;
  /** Bytes that were read to look for the mark and are not passed on yet. */
  let start: Buffer | undefined;
  return (fd, buffer, offset, length, position, done) => {
    const handOut = (bytes: Buffer): void => {
      const count = bytes.copy(buffer, offset, 0, length);
      start = bytes.subarray(count);
      done(null, count, buffer);
    };
    const look = (seen: Buffer): void => {
      const chunk = Buffer.alloc(mark.length - seen.length);
      read(fd, chunk, 0, chunk.length, position ?? null, (error, count) => {
        if (error !== null) {
          done(error, 0, buffer);
          return;
        }
        const bytes = Buffer.concat([seen, chunk.subarray(0, count)]);
        // A pipe may return fewer bytes than requested.
        if (count > 0 && bytes.length < mark.length) look(bytes);
        else if (bytes.equals(mark)) begin(Buffer.alloc(0));
        else begin(bytes);
      });
    };
    const begin = (bytes: Buffer): void => {
      start = bytes;
      if (bytes.length > 0) handOut(bytes);
      else read(fd, buffer, offset, length, position ?? null, done);
    };
    if (start === undefined) look(Buffer.alloc(0));
    else begin(start);
  };
}
