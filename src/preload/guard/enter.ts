import { isClosed, isWatched } from '../enforcement.js';
import { publishUnchecked, refused } from '../refused.js';
import type { Gate } from './gates.js';

/** Open gates that have been used. A log records each of them once. */
const used = Object.create(null) as Partial<Record<Gate, true>>;

/**
 * Call this before anything but a checked file becomes code. Publishes the use of the gate,
 * and throws ExecDeniedError when `strict` closes it.
 */
export function enter(gate: Gate, what: string): void {
  const denied = isClosed(gate);
  if (!denied) {
    if (used[gate] === true) return;
    used[gate] = true;
  }
  const why = `${what} makes code from something other than a checked file, and --strict refuses that. If the program needs it, open the gate '${gate}': mayexec run --strict --allow=${gate}`;
  const wouldDeny = isWatched(gate);
  publishUnchecked(denied, () => ({ operation: 'gate', origin: gate, gate, wouldDeny, why }));
  if (denied) throw refused(why);
}
