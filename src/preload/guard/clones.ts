import { anythingIsEnforced } from '../../policy.js';
import { internals } from '../lib/internals.js';
import {
  ObjectHasOwn,
  ReflectConstruct,
  StringPrototypeIndexOf,
  StringPrototypeSlice,
} from '../lib/primordials.js';
import { printable } from '../../quote.js';
import { decideUnchecked } from '../refused.js';
import { strict } from '../settings.js';

/*
 * To clone an object of its own, Node asks the object for the name of an internal module and of a
 * class. A program can find the key of the method that Node calls, and name any class.
 * structuredClone, every port and every channel create the clone by one function. The function here
 * accepts only the names that Node itself uses.
 */

/** The classes of Node 22, 24 and 26 that have clones, by module. */
export const cloned = (): Readonly<Record<string, readonly string[]>> => ({
  net: ['Server', 'Socket', '_TransferredBoundSocket'],
  'internal/abort_controller': ['ClonedAbortSignal'],
  'internal/blob': ['Blob'],
  'internal/blocklist': ['InternalBlockList'],
  'internal/crypto/keys': ['InternalCryptoKey'],
  'internal/crypto/x509': ['InternalX509Certificate'],
  'internal/file': ['TransferableFile'],
  'internal/fs/promises': ['FileHandle'],
  'internal/histogram': ['ClonedHistogram', 'ClonedRecordableHistogram'],
  'internal/socketaddress': ['InternalSocketAddress'],
  'internal/webstreams/transfer': ['InternalCloneableDOMException'],
  'internal/webstreams/readablestream': ['TransferredReadableStream'],
  'internal/webstreams/transformstream': ['TransferredTransformStream'],
  'internal/webstreams/writablestream': ['TransferredWritableStream'],
  'internal/worker/clone_dom_exception': ['DOMException'],
});

type Class = (new () => object) & { readonly prototype?: Record<symbol, unknown> };
interface Messaging {
  setDeserializerCreateObjectFunction: (create: (info: string) => object) => void;
}

function isCloned(module: string, name: string): boolean {
  const table = cloned();
  if (!ObjectHasOwn(table, module)) return false;
  const names = table[module] as readonly string[];
  for (let i = 0; i < names.length; i++) if (names[i] === name) return true;
  return false;
}

/** Replaces the function by which Node creates a clone. */
export function guardClones(): void {
  const inside = internals();
  if (inside === undefined) return;
  const { load, binding, deserialize } = inside;
  const create = (info: string): object => {
    const colon = StringPrototypeIndexOf(info, ':');
    const module = StringPrototypeSlice(info, 0, colon);
    const name = StringPrototypeSlice(info, colon + 1);
    if (!isCloned(module, name)) {
      decideUnchecked(
        'load',
        'require',
        strict || anythingIsEnforced(),
        `a clone asks for '${printable(info)}' from the inside of Node, which Node makes no clone of. Leave Node's own symbols to Node`,
      );
    }
    const found = load<Record<string, Class | undefined>>(module)[name];
    if (typeof found?.prototype?.[deserialize] !== 'function') {
      throw new Error(`Unknown deserialize spec ${info}`);
    }
    return ReflectConstruct(found, []);
  };
  binding<Messaging>('messaging').setDeserializerCreateObjectFunction(create);
}
