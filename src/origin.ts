/**
 * The ways by which code comes in, as a record of the audit names them. An interpreter may
 * name its own ways in checkInteractive.
 */
export const ORIGINS = [
  /** A function of this package opened a file for an interpreter. */
  'api',
  'require',
  'import',
  /** A module hook of the program named the file. */
  'hook',
  /** process.dlopen, or a library that is mapped by a module of Node's. */
  'dlopen',
  /** A library that a mapped one needs. */
  'library',
  /** A snapshot file of node:test, which is run as code. */
  'test-snapshot',
  /** The text of --eval or --print. */
  'eval',
  'stdin',
  'repl',
  /** The inspector, or `node inspect`. */
  'inspector',
  'data-url',
  /** An import of another URL than file: and data:. */
  'url',
  /** A string that is a Worker's program. */
  'worker-eval',
  /** What Node was started with. */
  'start',
  /** An option of Node, given to this process or to one that it starts. */
  'option',
] as const;

/** One of ORIGINS, a gate of `--strict`, or an interpreter's own word. */
export type Origin = string;

/** An origin that is known by name here. */
export type KnownOrigin = (typeof ORIGINS)[number];
