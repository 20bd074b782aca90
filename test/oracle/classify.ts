import { fileURLToPath } from 'node:url';

import { Approval, type FileTexts } from './approved-texts.js';
import { sha256, type NodeOwn } from './node-own.js';
import type { ScriptRecord } from './records.js';

/**
 * Where the text of a script comes from.
 *
 * - `node`: Node itself.
 * - `approved`: a file that the kernel approves.
 * - `refused`: a file that the kernel refuses.
 * - `program`: no file; a program on the stack made it, by eval, node:vm or a hook.
 * - `unattributed`: no file, and no program on the stack. But it has the name of an approved file
 *   or is WebAssembly, as when a hook or a promise made it, or its stack is not known.
 * - `nobody`: none of these, such as typed code or a data: URL.
 */
export type Origin = 'node' | 'approved' | 'refused' | 'program' | 'unattributed' | 'nobody';

export interface Classified {
  readonly record: ScriptRecord;
  readonly origin: Origin;
  /** The files that have this text. */
  readonly paths: readonly string[];
}

const X = 0o111;
const ENOENT = 2;

export interface Context {
  readonly own: NodeOwn;
  readonly files: FileTexts;
  /** The folder of the preload. Its frames do not count as the program's. */
  readonly folder: string;
}

/**
 * What Node writes around the exports of a WebAssembly file. Only the quoted names come from the
 * file.
 */
const NAME = String.raw`"(?:[^"\\]|\\.)*"`;
const FACADE = new RegExp(
  String.raw`^\n(?:import \* as \$import_\d+ from ${NAME};\nimport\.meta\.imports\[${NAME}\] = \$import_\d+;\n)*\n?` +
    String.raw`(?:let \$export_\d+;\nexport \{ \$export_\d+ as ${NAME} \};\nimport\.meta\.exports\[${NAME}\] = \{\n` +
    String.raw`  get: \(\) => \$export_\d+,\n  set: \(v\) => \$export_\d+ = v,\n\};\n)*\n?import\.meta\.done\(\);\n$`,
);

/**
 * Scripts of V8's own: an empty script and an empty function in each context, and functions that V8
 * options add.
 */
const V8_OWN = /^$|^\(\) \{\}$|^(native function \w+\(\);)+$/;

/** Whether the stack has a frame of a script other than Node's own and mayexec's, or of eval. */
function hasProgramOnStack(stack: string, preload: string): boolean {
  return stack
    .split('\n')
    .some(
      (line) =>
        /^\s+at (eval|new Function) \(<anonymous>\)/.test(line) ||
        (/\/|evalmachine|<anonymous>:\d|\[eval|REPL/.test(line) &&
          !/node:|^Error/.test(line) &&
          !line.includes(preload)),
    );
}

/** Whether the call of node:vm came from Node itself. */
function isAskedByNode(stack: string): boolean {
  const asker = stack
    .split('\n')
    .find((frame) => /^\s+at /.test(frame) && !/register\.cjs|node:(inspector|vm)\b/.test(frame));
  return asker?.includes('node:') === true;
}

function classify(record: ScriptRecord, context: Context, approval: Approval): Classified {
  const { own, files, folder } = context;
  const { url = '', hash = '', path, mode, same, wasm, text, by = '', stack = '' } = record;
  const verdict = (origin: Origin, paths: readonly string[] = []): Classified => ({
    record,
    origin,
    paths,
  });
  if (wasm === undefined ? own.hasScript(hash) : own.hasWasm(wasm)) return verdict('node');
  if (text !== undefined && V8_OWN.test(text)) return verdict('node');
  const hadX = mode !== undefined && (mode & X) !== 0;
  const mayRun = (file: string): boolean => {
    const errno = approval.errno(file);
    return hadX && (errno === 0 || errno === ENOENT);
  };
  if (same === true && path !== undefined) {
    return verdict(mayRun(path) ? 'approved' : 'refused', [path]);
  }
  if (path !== undefined) files.add(path);
  const paths = files.withText(wasm === undefined ? hash : sha256(wasm));
  if (paths.length > 0) return verdict(approval.approved(paths) ? 'approved' : 'refused', paths);
  if (text !== undefined && url.startsWith('node:') && own.hasInBinary(text))
    return verdict('node');
  if (path !== undefined && text !== undefined && FACADE.test(text)) {
    return verdict(mayRun(path) ? 'approved' : 'refused', [path]);
  }
  if (text !== undefined && isAskedByNode(stack) && own.hasLiteral(text)) return verdict('node');
  if (hasProgramOnStack(stack, folder)) return verdict('program');
  // A hook's text for a file, WebAssembly that is compiled meanwhile, or a program with stack traces
  // of its own: what somebody typed is compiled by Node.
  if (stack === '' && !by.startsWith('node:')) return verdict('unattributed');
  if (wasm !== undefined || (path !== undefined && mayRun(path))) return verdict('unattributed');
  return verdict('nobody');
}

/** Classifies a script that V8's log has and the inspector does not. */
function classifyLogged(
  record: ScriptRecord,
  { own, files }: Context,
  approval: Approval,
  watched: boolean,
): Classified {
  const { url = '', hash = '', text = '' } = record;
  const verdict = (origin: Origin, paths: readonly string[] = []): Classified => ({
    record,
    origin,
    paths,
  });
  const isOwn =
    own.hasScript(hash) ||
    V8_OWN.test(text) ||
    (url.startsWith('node:') && own.hasInBinary(text)) ||
    own.hasLiteral(text);
  if (isOwn) return verdict('node');
  const path = url.startsWith('file:') ? fileURLToPath(url) : url;
  if (path.startsWith('/')) files.add(path);
  const paths = files.withText(hash);
  if (paths.length > 0) return verdict(approval.approved(paths) ? 'approved' : 'refused', paths);
  if (FACADE.test(text)) {
    if (!path.startsWith('/')) return verdict('node');
    return verdict(approval.approved([path]) ? 'approved' : 'refused', [path]);
  }
  // The inspector sees a script only when it is parsed, and a module only when it is linked.
  return verdict(watched ? 'unattributed' : 'nobody');
}

const pidOf = (isolate: string): string =>
  /(\d+)-(?:v8\.log|\d+-0\.\d+)$/.exec(isolate)?.[1] ?? isolate;

/** Each script that the eye saw, and of those in V8's log the ones that it did not see. */
export function classifyAll(
  records: readonly ScriptRecord[],
  logged: readonly ScriptRecord[],
  context: Context,
): Classified[] {
  const approval = new Approval();
  const scripts = records.filter(({ url }) => url !== undefined);
  approval.askAll([...new Set(scripts.flatMap(({ path }) => path ?? []))]);
  const classified = scripts.map((record) => classify(record, context, approval));
  const seen = new Set(scripts.map(({ isolate, hash }) => `${pidOf(isolate)} ${hash ?? ''}`));
  const unseen = logged.filter(({ isolate, hash }) => !seen.has(`${pidOf(isolate)} ${hash ?? ''}`));
  const watched = watchedPids(records, logged);
  return [
    ...classified,
    ...unseen.map((record) =>
      classifyLogged(record, context, approval, watched.has(pidOf(record.isolate))),
    ),
  ];
}

/** The processes of which every isolate has the eye. */
function watchedPids(
  records: readonly ScriptRecord[],
  logged: readonly ScriptRecord[],
): ReadonlySet<string> {
  const without = new Map<string, number>();
  const count = (isolate: string, by: number): void => {
    const pid = pidOf(isolate);
    without.set(pid, (without.get(pid) ?? 0) + by);
  };
  for (const isolate of new Set(logged.map((record) => record.isolate))) count(isolate, 1);
  for (const { isolate, sees } of records) if (sees === true) count(isolate, -1);
  return new Set([...without].filter(([, left]) => left <= 0).map(([pid]) => pid));
}

/** Whether a script shows a way that is still open. */
export function isFinding({ origin }: Classified, strict: boolean): boolean {
  if (origin === 'refused' || origin === 'nobody') return true;
  return strict && (origin === 'program' || origin === 'unattributed');
}
