import { readCode, type FileQuestion, type Read } from './checked-read.js';
import { ErrorCaptureStackTrace } from '../lib/primordials.js';
import { refuseStart } from '../refuse-start.js';

let started = false;

/**
 * The checked content of a module, as readCode gives it and throws. With `isEntry`
 * the program starts with it, so that a denial is a refused start. `loader` is the
 * function that Node's loader called: the frames of interest in an error are those
 * of the module that asked.
 */
export function readModule(
  question: FileQuestion,
  text: boolean,
  isEntry: () => boolean,
  loader: (...args: never[]) => unknown,
): Read | undefined {
  try {
    const read = readCode(question, text);
    started = true;
    return read;
  } catch (error) {
    if (!started && isEntry()) refuseStart(error as Error);
    ErrorCaptureStackTrace(error as Error, loader);
    throw error;
  }
}
