/**
 * What a program tries with module hooks, with what Node's loaders keep where it can
 * be reached, and with accessors that stand in Node's way. The programs are in hooks/:
 * each says what it does in its first line. `dropped.*` may not run.
 */
import { programsIn } from '../../support/programs.js';
import type { Major } from '../versions.js';
import type { WayIn } from '../ways-in.js';

interface Row {
  readonly file: string;
  /** Its arguments, where it does several things. */
  readonly args?: readonly string[];
  readonly until?: Major;
}

/** Every format there is, and one that there is not. */
const FORMATS = [
  'commonjs',
  'module',
  'json',
  'wasm',
  'builtin',
  'addon',
  'commonjs-typescript',
  'module-typescript',
  'typescript',
  'text',
  'bytes',
  'unknown',
];

/** By where a hook says it, and how the file is loaded: the formats by which plain Node runs the file. */
const SAID: readonly [where: string, how: string, formats: readonly string[]][] = [
  ['resolve', 'require', FORMATS.filter((format) => format !== 'json' && format !== 'addon')],
  ['resolve', 'import', ['module', 'module-typescript']],
  ['context', 'require', ['commonjs', 'commonjs-typescript', 'typescript', 'json']],
  ['context', 'import', ['module', 'module-typescript']],
  ['result', 'require', FORMATS.filter((format) => !format.startsWith('module'))],
  ['attributes', 'require', FORMATS.filter((format) => !format.startsWith('module'))],
  ['attributes', 'import', ['module', 'module-typescript']],
  ['short-circuit', 'require', FORMATS.filter((format) => !format.startsWith('module'))],
  ['short-circuit', 'import', ['module', 'module-typescript']],
  ['module', 'require', ['json', 'wasm', 'builtin', 'addon', 'text', 'bytes', 'unknown']],
];

const rows: readonly Row[] = [
  ...SAID.flatMap(([where, how, formats]) =>
    formats.map((format) => ({ file: 'format.cjs', args: [where, how, format] })),
  ),
  { file: 'inherited-load.cjs' },
  { file: 'setter-throws.cjs' },
  { file: 'setter-takes-handle.cjs' },
  { file: 'setter-swaps-hook.cjs' },
  { file: 'setter-on-class.cjs' },
  { file: 'list-by-index.cjs' },
  { file: 'accessor-of-context.cjs', args: ['format', 'require'] },
  { file: 'accessor-of-context.cjs', args: ['format', 'import'] },
  { file: 'accessor-of-context.cjs', args: ['importAttributes', 'require'] },
  { file: 'accessor-of-context.cjs', args: ['importAttributes', 'import'] },
  { file: 'accessor-of-context.cjs', args: ['conditions', 'require'] },
  { file: 'accessor-of-context.cjs', args: ['source', 'require'] },
  { file: 'accessor-of-context.cjs', args: ['source', 'import'], until: 22 },
  ...['array', 'object', 'between'].flatMap((owner) => [
    { file: 'index-accessor.cjs', args: [owner, 'require'] },
    { file: 'index-accessor.cjs', args: [owner, 'import'] },
    { file: 'index-accessor.cjs', args: [owner, 'require', '20'] },
    { file: 'index-accessor.cjs', args: [owner, 'require', '200'] },
  ]),
  { file: 'url-object.cjs' },
  { file: 'url-spelling.cjs', args: ['upper'] },
  { file: 'url-spelling.cjs', args: ['space'] },
  { file: 'url-spelling.cjs', args: ['tab'] },
  { file: 'result-answers-twice.cjs', args: ['source'] },
  { file: 'result-answers-twice.cjs', args: ['format'] },
  { file: 'bytes-change.cjs' },
  { file: 'chain-of-hooks.cjs' },
  { file: 'source-left-to-node.cjs', args: ['undefined', 'dropped.cjs', 'commonjs'] },
  { file: 'source-left-to-node.cjs', args: ['null', 'dropped.cjs', 'commonjs'] },
  { file: 'source-left-to-node.cjs', args: ['null', 'dropped.js', 'commonjs'] },
  { file: 'nested-load.cjs' },
  ...[
    'path cache',
    'resolved name',
    'found path',
    'load of a module',
    'the main module, loaded again',
    'an extension of the program’s',
    'the extension for .json',
    'the extension for .json, then the text that it left',
    'children of a module',
    'imports of package.json',
    'exports of package.json',
    'imports of package.json, imported',
    'createRequire of a URL that is no file’s own',
  ].map((which) => ({ file: 'loader-internals.cjs', args: [which] })),
];

const text = programsIn(new URL('hooks/', import.meta.url));

export const hookWays: readonly WayIn[] = rows.map(({ file, args = [], until }) => ({
  name: [file, ...args].join(' '),
  kind: 'file',
  args: [file, ...args],
  ...(until === undefined ? {} : { until }),
  files: {
    [file]: text(file),
    'approved.cjs': '',
    'approved.mjs': '',
    'package.json': '{"imports":{"#dropped":"./dropped.cjs"}}',
    'node_modules/dropped-package/package.json': '{"exports":{"./dropped":"./lib.js"}}',
    'node_modules/approved-package/index.js': '',
  },
}));
