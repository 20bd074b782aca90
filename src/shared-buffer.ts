interface Memory {
  readonly buffer: SharedArrayBuffer;
}
type MemoryClass = new (how: { initial: number; maximum: number; shared: true }) => Memory;

function make(): SharedArrayBuffer | undefined {
  if (typeof SharedArrayBuffer !== 'undefined') return new SharedArrayBuffer(4);
  const { WebAssembly } = globalThis as unknown as { WebAssembly?: { Memory: MemoryClass } };
  return WebAssembly && new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true }).buffer;
}

/**
 * Memory that threads share. V8's option --enable-sharedarraybuffer-per-context takes the name of
 * its class from programs, and a memory of WebAssembly still has one. Undefined without either.
 */
export const shared = make();
