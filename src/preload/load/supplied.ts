import { ArrayBufferIsView, BufferPrototypeEquals } from '../lib/primordials.js';
import { copyOfBytes } from '../lib/bytes.js';
import type { Source } from './node-module.js';

/** The last source from the inner hook, for the next hook to compare with. */
export interface Supplied {
  readonly source: Source;
  /** The source was checked as code, and may be returned as code. */
  readonly asCode: boolean;
}

let supplied: Supplied | undefined;

/** Copies bytes, since the hooks in between can write to them. */
export function settled(source: Source): Source {
  return ArrayBufferIsView(source) ? copyOfBytes(source) : source;
}

export function supply(source: Source, asCode: boolean): void {
  supplied = { source: settled(source), asCode };
}

/** The source that was supplied since the last call. */
export function takeSupplied(): Supplied | undefined {
  const last = supplied;
  supplied = undefined;
  return last;
}

export function isSame(source: Source, other: Source): boolean {
  if (typeof source === 'string' || typeof other === 'string') return source === other;
  return (
    ArrayBufferIsView(source) && ArrayBufferIsView(other) && BufferPrototypeEquals(source, other)
  );
}
