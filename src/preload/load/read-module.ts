import { readCode, type Read } from './checked-read.js';
import { ErrorCaptureStackTrace } from '../lib/primordials.js';
import { refuseStart } from '../refuse-start.js';

/** A file that one of Node's loaders is about to make a module of. */
export interface ModuleFile {
  readonly path: string;
  readonly data: boolean;
  readonly importers: () => readonly string[];
  /** The program starts with it, so that a denial is a refused start. */
  readonly isEntry: () => boolean;
}

let started = false;

/**
 * The checked content of a module, as readCode gives it and throws. `loader` is
 * the function that Node's loader called: the frames of interest in an error are
 * those of the module that asked.
 */
export function readModule(
  { path, data, importers, isEntry }: ModuleFile,
  text: boolean,
  loader: (...args: never[]) => unknown,
): Read | undefined {
  try {
    const read = readCode({ path, operation: 'load', data, importers }, text);
    started = true;
    return read;
  } catch (error) {
    if (!started && isEntry()) refuseStart(error as Error);
    ErrorCaptureStackTrace(error as Error, loader);
    throw error;
  }
}
