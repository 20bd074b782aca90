import { publish } from '../../audit.js';
import { isClosed } from '../enforcement.js';
import { refused } from '../refused.js';
import type { Gate } from './gates.js';

/** Gates that have been used and are open: a log needs to know that once. */
const used = Object.create(null) as Partial<Record<Gate, true>>;

/**
 * To be called before something that is no checked file becomes code. Publishes that,
 * and throws ExecDeniedError when strict closes the gate.
 */
export function enter(gate: Gate, what: string): void {
  const denied = isClosed(gate);
  if (!denied) {
    if (used[gate] === true) return;
    used[gate] = true;
  }
  publish(() => ({
    operation: 'gate',
    gate,
    verdict: { allowed: false, binding: denied, mechanism: 'none', errno: 'EACCES' },
    denied,
  }));
  if (denied) {
    throw refused(
      `${what} makes code of what is no checked file, and --strict closes that. If the program needs it, open the gate '${gate}': mayexec run --strict --allow=${gate}`,
    );
  }
}
