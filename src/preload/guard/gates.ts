/**
 * Ways by which a running program turns data into code. They are open because ordinary
 * programs need some of them. `strict` closes them.
 */
export const GATES = [
  /** JSON and other data from a file that fails its check. */
  'data',
  /** eval, new Function and everything else that makes V8 compile a string. */
  'eval',
  /** node:vm: Script, runIn*, compileFunction, contexts and modules. */
  'vm',
  /** Module#_compile with a text that was not read from a checked file. */
  'compile',
  /** Module hooks of the program that replace a checked source. */
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
