import { readCode, type FileQuestion, type Read } from './checked-read.js';
import { noteRead } from './approved-bytecode.js';
import { readFromImage } from './image.js';
import { watchesGates } from '../settings.js';
import { ErrorCaptureStackTrace } from '../lib/primordials.js';
import { enter } from '../guard/enter.js';
import { mayRead } from '../guard/permission.js';
import { endWith } from '../end-process.js';
import { decideVirtual } from './virtual.js';

let started = false;

/** Call this where the program has already started, so that a denial is never a refused start. */
export function noteStarted(): void {
  started = true;
}

function readFile(question: FileQuestion, text: boolean): Read | undefined {
  const read = readCode(question, text);
  if (read !== undefined) noteRead(question.args.path, read);
  return read;
}

/**
 * The checked content of a module, or its content in the code image. Returns and throws as readCode
 * does. With `isEntry` the module is the entry point, so a denial is a refused start. `loader` is
 * the function that Node's loader called. The stack of an error begins there.
 */
export function readModule(
  question: FileQuestion,
  text: boolean,
  isEntry: () => boolean,
  loader: (...args: never[]) => unknown,
): Read | undefined {
  const { kind, data, args, operation, origin } = question;
  // Node's own step throws the error of its permission model.
  if (!mayRead(args.path)) return undefined;
  try {
    if (kind === 'file') decideVirtual(args.path, operation, origin);
    const read = readFromImage(args.path, text) ?? readFile(question, text);
    started = true;
    if (data && watchesGates && read?.allowed === false) enter('data', args.path);
    return read;
  } catch (error) {
    if (!started && isEntry()) endWith(error as Error);
    ErrorCaptureStackTrace(error as Error, loader);
    throw error;
  }
}
