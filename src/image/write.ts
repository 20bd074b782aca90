import { isAscii } from 'node:buffer';
import { closeSync, fsyncSync, openSync, renameSync, unlinkSync, writeSync } from 'node:fs';

import { aboutFile } from '../errors.js';
import {
  directoryLength,
  encodeStart,
  HEADER,
  IS_ASCII,
  IS_MODULE,
  type Hash,
  type Meta,
  type ModuleRecord,
} from './format.js';
import { checkReplaceable } from './regular-file.js';

/** A module to be written. */
export interface Module {
  readonly bytecode: Buffer | undefined;
  /** Whether that is of an ES module. */
  readonly isModule: boolean;
  readonly source: Buffer;
}

export interface Written {
  readonly length: number;
  readonly modules: number;
  /** How many modules have bytecode. */
  readonly compiled: number;
}

/** All users may read and execute it, none may write to it. The umask applies. */
const MODE = 0o555;

const NONE = Buffer.alloc(0);

function writeAll(fd: number, bytes: Uint8Array, position: number): void {
  for (let done = 0; done < bytes.length;) {
    done += writeSync(fd, bytes, done, bytes.length - done, position + done);
  }
}

function writeModules(
  fd: number,
  meta: Meta,
  paths: readonly Buffer[],
  load: (path: Buffer) => Module,
  hash: Hash,
): Written {
  const metaLength = Buffer.byteLength(JSON.stringify(meta));
  const pathsLength = paths.reduce((sum, path) => sum + path.length, 0);
  let position = HEADER + directoryLength(metaLength, paths.length, pathsLength);
  const records: ModuleRecord[] = [];
  let compiled = 0;
  for (const path of paths) {
    const { bytecode = NONE, isModule, source } = load(path);
    const kept = meta.sources ? source : NONE;
    writeAll(fd, bytecode, position);
    writeAll(fd, kept, position + bytecode.length);
    position += bytecode.length + kept.length;
    if (bytecode !== NONE) compiled++;
    records.push({
      path,
      flags: (isAscii(source) ? IS_ASCII : 0) | (isModule ? IS_MODULE : 0),
      bytecodeLength: bytecode.length,
      sourceLength: kept.length,
      bytecodeSha256: Buffer.from(hash(bytecode), 'hex'),
      sourceSha256: Buffer.from(hash(source), 'hex'),
    });
  }
  // Last, so that an incomplete file begins with zeros and is not an image.
  writeAll(fd, encodeStart(meta, records, hash), 0);
  return { length: position, modules: records.length, compiled };
}

/**
 * Writes an image to a temporary file and renames it, so that its name never belongs to an
 * incomplete image. `paths` are sorted by their bytes, and `load` returns each module. Throws the
 * errors of node:fs and of `load`.
 */
export function writeImage(
  out: string,
  meta: Meta,
  paths: readonly Buffer[],
  load: (path: Buffer) => Module,
  hash: Hash,
): Written {
  checkReplaceable(out);
  const temporary = `${out}.${process.pid}.tmp`;
  let fd: number;
  try {
    fd = openSync(temporary, 'wx', MODE);
  } catch (error) {
    throw aboutFile(out, error);
  }
  try {
    let written: Written;
    try {
      written = writeModules(fd, meta, paths, load, hash);
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    renameSync(temporary, out);
    return written;
  } catch (error) {
    unlinkSync(temporary);
    const { path = temporary } = error as NodeJS.ErrnoException;
    throw path === temporary ? aboutFile(out, error) : error;
  }
}
