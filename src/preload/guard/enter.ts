import { isHeard } from '../../audit.js';
import { digestOfText } from '../../digest.js';
import { isClosed, isWatched } from '../enforcement.js';
import { native } from '../lib/native.js';
import { StringPrototypeSlice } from '../lib/primordials.js';
import { publishUnchecked, refused } from '../refused.js';
import type { Gate } from './gates.js';

/** A key of isFirstTime() must have less than 4,096 bytes, and a character has up to three. */
const MAX_KEY = 1000;

/** Whether no thread of the process has sent this text through this gate before. */
function isFirstUse(gate: Gate, what: string, sha256: string | undefined): boolean {
  const key = `gate ${gate} ${sha256 ?? ''} ${what}`;
  return native.isFirstTime(StringPrototypeSlice(key, 0, MAX_KEY)) !== 0;
}

/**
 * Call this before anything but a checked file becomes code. `code` is that code, where it is
 * known. Publishes the use of the gate, and throws ExecDeniedError when `strict` closes it. At an
 * open gate each text is published once in the process, because a program may run the same text a
 * million times.
 */
export function enter(gate: Gate, what: string, code?: string | Uint8Array): void {
  const denied = isClosed(gate);
  if (!denied && !isHeard()) return;
  const why = `${what} makes code from something other than a checked file, and --strict refuses that. If the program needs it, open the gate '${gate}': add --allow=${gate} to mayexec run --strict`;
  const sha256 = isHeard() ? digestOfText(code) : undefined;
  if (denied || isFirstUse(gate, what, sha256)) {
    const wouldDeny = isWatched(gate);
    publishUnchecked(denied, () => ({
      operation: 'gate',
      origin: gate,
      gate,
      wouldDeny,
      why,
      ...(sha256 === undefined ? {} : { sha256 }),
      ...(typeof code === 'string' ? { text: code } : {}),
    }));
  }
  if (denied) throw refused(why);
}
