/**
 * How code comes in, as named in the audit. An interpreter may name its own ways in
 * checkInteractive.
 */
export const ORIGINS = [
  /** A function of this package opened a file for an interpreter. */
  'api',
  'require',
  'import',
  /** A module hook of the program named the file, or supplied the text of a module without one. */
  'hook',
  /** process.dlopen, or a library that a module of Node maps. */
  'dlopen',
  /** A library that another library needs. */
  'library',
  /** A snapshot file of node:test, which runs as code. */
  'test-snapshot',
  /** The text of --eval or --print. */
  'eval',
  'stdin',
  'repl',
  /** The inspector, or `node inspect`. */
  'inspector',
  'data-url',
  /** An import of a URL that is not file: or data:. */
  'url',
  /** A string that a Worker runs. */
  'worker-eval',
  /** A program that this one starts. */
  'child-process',
  /** The options and the environment that Node was started with. */
  'start',
  /** An option of Node, for this process or for a child process. */
  'option',
] as const;

/** One of ORIGINS, a gate of `--strict`, or an interpreter's own word. */
export type Origin = string;

/** An origin from ORIGINS. */
export type KnownOrigin = (typeof ORIGINS)[number];
