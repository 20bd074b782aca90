/**
 * Ways by which a program that may run turns something else into code. They are
 * open, since ordinary programs need some, and closed by `strict`.
 */
export const GATES = [
  /** JSON and other data that fails its check is refused as well. */
  'data',
  /** eval, new Function and what else V8 makes of a string. */
  'eval',
  /** node:vm: Script, runIn*, compileFunction, contexts and modules. */
  'vm',
  /** Module#_compile with a text that was not read from a checked file. */
  'compile',
  /** Other people's module hooks that replace a checked source. */
  'hooks',
  /** WebAssembly from bytes that were not read from a checked file. */
  'wasm',
  /** node:ffi, which calls any address. */
  'ffi',
  /** inspector.Session and inspector.open. */
  'inspector',
  /** process.binding. */
  'binding',
  /** v8.setFlagsFromString, which can undo what closes eval. */
  'flags',
  /** repl.start on a stream. */
  'repl',
  /** Exports of Node's modules that have no row in src/tables/builtins.ts. */
  'unknown',
] as const;

export type Gate = (typeof GATES)[number];

export function isGate(name: string): name is Gate {
  return (GATES as readonly string[]).includes(name);
}
