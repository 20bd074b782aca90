/**
 * Every way in of every table, as ways-in-audit.test.ts runs it, and what the audit cannot
 * tell of, or changes, with the reason.
 */
import { preload } from '../support/built.js';
import { WITHOUT_EVAL } from '../../src/preload/inherit/preload-option.js';
import { executableWays } from '../executable/executable-ways.js';
import { attacks } from './attacks.js';
import { attempts } from './attempts.js';
import { strictWays, type StrictWay } from './strict-ways.js';
import { example, tools, type ToolWay } from './tool-ways.js';
import { routes, waysIn, type WayIn } from './ways-in.js';
import { betweenWays } from './ways/between.js';
import { hookWays } from './ways/hooks.js';
import { optionWays } from './ways/options.js';

export interface AuditedWay {
  /** With the name of its table, by which it has its exception. */
  readonly title: string;
  readonly way: WayIn;
  /** What it says on standard output when its code runs. */
  readonly says: RegExp;
  /** Files of the program that fail their check. */
  readonly unapproved: readonly string[];
  /** Added to the environment where nothing is enforced, and under both securebits. */
  readonly watchedBy: Readonly<Record<string, string>>;
  readonly refusedBy: Readonly<Record<string, string>>;
  /** It runs in an executable of `mayexec build-node`. */
  readonly built: boolean;
}

const audited = (table: string, way: WayIn, more: Partial<AuditedWay> = {}): AuditedWay => ({
  title: `${table}: ${way.name}`,
  way,
  says: /RAN/,
  unapproved: [],
  watchedBy: {},
  refusedBy: {},
  built: false,
  ...more,
});

const ofAttacks: readonly WayIn[] = attacks.map(({ name, text, args = [], files = {} }) => ({
  name,
  kind: 'file',
  args: ['program.cjs', ...args],
  files: { 'program.cjs': text, 'approved.cjs': '', ...files },
  env: { PRELOAD: preload },
}));

function ofStrict({ name, args, program, since, open = [] }: StrictWay): AuditedWay {
  const env = { MAYEXEC_STRICT_ALLOW: open.join(',') };
  return audited(
    'strict',
    { name, kind: 'file', args, files: program, ...(since === undefined ? {} : { since }) },
    {
      watchedBy: { ...env, MAYEXEC_STRICT: 'audit' },
      refusedBy: {
        ...env,
        MAYEXEC_STRICT: '1',
        NODE_OPTIONS: `--require ${preload} ${WITHOUT_EVAL}`,
      },
    },
  );
}

function ofTool(tool: string, { title, args, files = {}, stdin }: ToolWay): AuditedWay {
  const names = Object.keys(files);
  const texts = Object.fromEntries(names.map((name) => [name, files[name]?.[1] ?? '']));
  return audited(
    tool,
    {
      name: title,
      kind: 'either',
      args: ['--no-warnings', example(tool), ...args],
      files: texts,
      ...(stdin === undefined ? {} : 'file' in stdin ? { stdinFile: stdin.file } : {}),
      ...(stdin !== undefined && 'text' in stdin ? { input: stdin.text } : {}),
    },
    { says: /^script$/m, unapproved: names.filter((name) => files[name]?.[0] === 0o644) },
  );
}

export const auditedWays: readonly AuditedWay[] = [
  ...waysIn.map((way) => audited('ways in', way)),
  ...routes.map((way) => audited('routes', way)),
  ...attempts.map((way) => audited('attempts', way)),
  ...hookWays.map((way) => audited('hooks', way)),
  ...betweenWays.map((way) => audited('between', way)),
  ...optionWays.map((way) => audited('options', way)),
  ...ofAttacks.map((way) => audited('attacks', way)),
  ...strictWays.map(ofStrict),
  ...executableWays.map((way) => audited('executable', way, { built: true })),
  ...tools.flatMap(([tool, ways]) =>
    // Both securebits refuse it, too.
    ways.filter(({ runs }) => runs[3] === false).map((way) => ofTool(tool, way)),
  ),
];

interface Exception {
  /** Why there is no record of it. */
  readonly untold?: string;
  /** Why it runs differently with a log alone than in plain Node. */
  readonly changed?: string;
  /** Why its records are not those of the refusal. */
  readonly otherwise?: string;
}

const SIGUSR1 =
  'Node starts the inspector by itself; a handler that tells of the signal would take it from Node';
const COUNTS = 'it answers by how often it is asked, and the log asks once more than Node';
const HOOKS = "it breaks Node's own chain of hooks, and ends in the same error under a restriction";
const FORMAT = 'Node obeys the format of a hook `resolve` only where there is a hook `load`, too';
const REALM =
  "V8 says of a string in another realm no more than that; those of node:vm are told of by the gate 'vm'";
const CHANGED = 'the words change behind the record, on their way to the kernel';
const OUT_OF_REACH = "Node's arrays are out of its reach with a log, too, and it does nothing else";
const SWAPPED = 'the file is swapped behind the record';
const SILENCED = 'it silences the channel in its own process; no log stands against that';
const GIVEN =
  'what is started has the preload in NODE_OPTIONS of its environment, before which Node takes none of a file';

/** Ways through a file from which a started Node takes options or variables. */
const ofFiles: readonly string[] = [
  'a file of options',
  'a file of options behind --',
  'a file of options in argv[0]',
  'a file of variables',
].flatMap((name) => ['spawn', 'spawnSync', 'execve'].map((how) => `options: ${how}: ${name}`));

export const exceptions: Readonly<Record<string, Exception>> = {
  'attempts: SIGUSR1 from another process': { untold: SIGUSR1 },
  'attempts: SIGUSR1 when its handler is gone': { untold: SIGUSR1 },
  'attempts: SIGUSR1 to a child before its preload': { untold: SIGUSR1 },
  'routes: polluted Array.prototype': { changed: HOOKS },
  'hooks: loader-internals.cjs the main module, loaded again': {
    untold: "Node's hooks are asked for the main module, whose file may run",
    changed: 'with any hook Node loads the main module once more, and not the file',
  },
  // In plain Node a hook `load` that passes everything on changes it in the same way.
  'hooks: format.cjs resolve require module': { changed: FORMAT },
  'hooks: format.cjs resolve require module-typescript': { changed: FORMAT },
  'hooks: accessor-of-context.cjs importAttributes import': { changed: HOOKS },
  'hooks: url-object.cjs': { changed: COUNTS },
  'hooks: result-answers-twice.cjs source': { changed: COUNTS },
  'strict: an accessor on Module.wrapper': { changed: COUNTS },
  'attacks: a channel that says nothing': { untold: SILENCED, changed: SILENCED },
  'attacks: a channel with a publish of its own': { untold: SILENCED },
  'attempts: a channel that changes the words of process.execve': { untold: CHANGED },
  ...Object.fromEntries(
    ['spawn', 'spawnSync', 'execve'].map((how) => [
      `attempts: a file swapped by a subscriber, ${how}`,
      { untold: SWAPPED },
    ]),
  ),
  'attempts: --env-file of a child': { changed: GIVEN },
  ...Object.fromEntries(ofFiles.map((title) => [title, { changed: GIVEN }])),
  "strict: Function of Node's own realm, by an error of a URL": { untold: REALM },
  "strict: Function of Node's own realm, by an error of a stream": { untold: REALM },
  "strict: WebAssembly of Node's own realm": { untold: REALM },
  "strict: another source in the place of Node's own": {
    untold: OUT_OF_REACH,
    changed: OUT_OF_REACH,
  },
  'strict: JSON that may not run': {
    otherwise: 'the audit tells of the gate, and --strict of the file that it refuses',
  },
};
