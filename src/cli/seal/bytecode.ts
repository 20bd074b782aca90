import { Option } from 'commander';

import { ImageError } from '../../image/format.js';
import { exitStatus } from '../exit-status.js';
import { describe, makeImage } from '../make-image.js';
import { print, printable, warn } from '../terminal.js';

export const bytecodeOption = (): Option =>
  new Option(
    '--bytecode <file>',
    "also write V8's bytecode of the code to this file, for run --bytecode",
  ).conflicts('undo');

interface Options {
  bytecode?: string;
  ext?: readonly string[];
  dryRun?: boolean;
  json?: boolean;
}

/**
 * Writes the bytecode of a tree's code for `run --bytecode`. Bytecode of code that was not sealed
 * is in it too, and never used. Returns an exit status when it fails.
 */
export async function writeBytecode(
  root: number,
  directory: string,
  { bytecode: out, ext = [], dryRun, json }: Options,
): Promise<number | undefined> {
  if (out === undefined || dryRun === true) return undefined;
  try {
    const { written } = await makeImage(root, directory, out, {
      ext,
      bytecode: true,
      sources: false,
    });
    if (json !== true) print(describe(out, written));
    return undefined;
  } catch (error) {
    if (!(error instanceof ImageError)) throw error;
    warn(printable(error.message, '\n'));
    return exitStatus.failure;
  }
}
