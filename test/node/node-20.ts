/** Of the ways that the other Nodes have, by name, those that Node 20 does not have: each fails there. */
export const lacking: ReadonlySet<string> = new Set([
  // TypeScript
  'entry point, .ts',
  'entry point, .cts',
  'entry point, .mts',
  'require of TypeScript',
  'import of TypeScript',
  'import of TypeScript in CommonJS',
  '-e as TypeScript',
  'TypeScript',
  // module.registerHooks
  'registerHooks that loads another file',
  'registerHooks by the class of its handle',
  'registerHooks that resolves to another file',
  'registerHooks that short-circuits with the file',
  'registerHooks that calls data code',
  'registerHooks in ESM that calls data code',
  'a module hook that replaces a source',
  'a module hook that short-circuits',
  // Others
  'process.execve',
  'entry point as a file: URL',
  '--entry-url data:',
  '--run of a script that starts Node',
  'import of an addon',
  'node:sqlite loadExtension',
]);

/** Those that Node 20 refuses under a restriction even when the file may run. */
export const refusedAnyway: ReadonlySet<string> = new Set(['--test-reporter']);
