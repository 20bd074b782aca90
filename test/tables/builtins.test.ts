import { fork, execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import { describe, expect, test } from 'vitest';

import { GATES } from '../../src/preload/guard/gates.js';
import { builtinRows, ON_FUNCTIONS, SAME, type ExportRows } from '../../src/tables/builtins.js';
import { MAJORS, nodeBinary, type Major } from '../preload/versions.js';

const BUILTINS = builtinRows();
const program = fileURLToPath(new URL('programs/exports.cjs', import.meta.url));

/** By module, the names of its exports that are functions, objects or accessors. */
type Exports = Record<string, string[]>;

/** Options by which this Node has more builtins, exports and globals. */
const MORE: Record<Major, string[]> = {
  22: ['--experimental-vm-modules', '--experimental-eventsource', '--experimental-webstorage'],
  24: [
    '--experimental-vm-modules',
    '--experimental-eventsource',
    '--experimental-webstorage',
    '--experimental-stream-iter',
  ],
  26: [
    '--experimental-vm-modules',
    '--experimental-eventsource',
    '--experimental-stream-iter',
    '--experimental-bench',
    '--experimental-vfs',
    '--experimental-web-worker',
    '--experimental-test-module-mocks',
    '--experimental-quic',
  ],
};

function exportsOf(major: Major, options: readonly string[]): Exports {
  const words = ['--no-warnings', '--expose-gc', ...options, program];
  return JSON.parse(execFileSync(nodeBinary(major), words, { encoding: 'utf8' })) as Exports;
}

/** What only a forked process has, on process. */
async function exportsOfForked(major: Major): Promise<Exports> {
  const child = fork(program, [], { execPath: nodeBinary(major), execArgv: [], silent: true });
  let text = '';
  child.stdout?.on('data', (chunk: Buffer) => (text += chunk.toString()));
  await new Promise((done) => child.on('close', done));
  return JSON.parse(text) as Exports;
}

type Table = Readonly<Record<string, ExportRows>>;

function rowsOf(module: string, table: Table = BUILTINS): string[] {
  const rows = table[SAME[module] ?? module];
  if (rows === undefined) return [];
  return Object.values(rows).flatMap((names) => names.split(/\s+/).filter((name) => name !== ''));
}

function withoutRow(exports: Exports, table: Table = BUILTINS): string[] {
  return Object.entries(exports).flatMap(([module, names]) => {
    if (table[SAME[module] ?? module] === undefined) return [module];
    const known = new Set([...rowsOf(module, table), ON_FUNCTIONS]);
    return names.filter((name) => !known.has(name)).map((name) => `${module}.${name}`);
  });
}

/** By module, the exports of all that go by its rows. */
function asOne(exports: Exports): Exports {
  const one: Exports = {};
  for (const [module, names] of Object.entries(exports)) {
    const name = SAME[module] ?? module;
    one[name] = [...(one[name] ?? []), ...names];
  }
  return one;
}

/** The table without the row of one export. */
const without = (module: string, name: string): Table => ({
  [module]: {
    harmless: rowsOf(module)
      .filter((other) => other !== name)
      .join(' '),
  },
});

/** Rows for exports of this Node that could be deleted without a failing check. */
function overlooked(exports: Exports): string[] {
  return Object.entries(asOne(exports)).flatMap(([module, names]) => {
    if (!withoutRow({ [module]: names }, {}).includes(module)) return [module];
    return (
      rowsOf(module)
        // That of a function has its row as ON_FUNCTIONS.
        .filter((name) => names.includes(name) && name !== ON_FUNCTIONS)
        .filter(
          (name) =>
            !withoutRow({ [module]: names }, without(module, name)).includes(`${module}.${name}`),
        )
        .map((name) => `${module}.${name}`)
    );
  });
}

/** What this machine's Nodes do not show: other builds, other ways to start, strings and numbers. */
const NOT_SEEN = `
  domain.active dtls dtls.DTLSEndpoint dtls.DTLSSecureContext dtls.DTLSSession dtls.connect
  dtls.createSecureContext dtls.listen globalThis.ShadowRealm process._breakFirstLine process._eval
  process._eventsCount process._forceRepl process._handleQueue process._maxListeners
  process._pendingMessage process._print_eval process._syntax_check_only process.arch process.argv0
  process.connected process.debugPort process.execPath process.noDeprecation
  process.noProcessWarnings process.permission process.pid process.platform process.ppid
  process.profProcess process.throwDeprecation process.title process.traceDeprecation
  process.traceProcessWarnings process.version quic quic.QuicEndpoint quic.QuicError
  quic.QuicSession quic.QuicStream quic.connect quic.constants quic.listEndpoints quic.listen
  worker_threads.parentPort worker_threads.workerData`;

describe('the table of builtins', () => {
  const seen: Exports = {};
  const note = (exports: Exports): void => {
    for (const [module, names] of Object.entries(exports)) {
      seen[SAME[module] ?? module] = [...(seen[SAME[module] ?? module] ?? []), ...names];
    }
  };

  test.for(MAJORS)('has a row for each export of each builtin of Node %i', async (major) => {
    const all = [exportsOf(major, []), exportsOf(major, MORE[major]), await exportsOfForked(major)];
    all.forEach(note);
    const [, most = {}] = all;
    const count = Object.values(most).reduce((sum, names) => sum + names.length, 0);
    console.log(`Node ${major}: ${Object.keys(most).length} builtins, ${count} exports`);
    expect(all.flatMap((exports) => withoutRow(exports))).toEqual([]);
    for (const exports of all) expect(overlooked(exports)).toEqual([]);
  });

  test('has no row that no Node knows, but those that are named here', () => {
    const unknown = Object.keys(BUILTINS)
      .flatMap((module) => [module, ...rowsOf(module).map((name) => `${module}.${name}`)])
      .filter((name) => {
        const [module = '', one] = name.split('.');
        return one === undefined ? seen[module] === undefined : !seen[module]?.includes(one);
      });
    const rows = Object.keys(BUILTINS).reduce((sum, module) => sum + rowsOf(module).length, 0);
    console.log(`${Object.keys(BUILTINS).length} modules with ${rows} rows`);
    expect(unknown).toEqual(NOT_SEEN.trim().split(/\s+/));
  });

  test('names effects and gates, each export once', () => {
    for (const [module, rows] of Object.entries(BUILTINS)) {
      for (const effect of Object.keys(rows)) {
        expect(['harmless', 'checked', ...GATES], module).toContain(effect);
      }
      const names = rowsOf(module);
      expect(new Set(names).size, module).toBe(names.length);
    }
  });
});
