/**
 * What the tables say, written a second time. A completeness test sees that a row is missing, and
 * the agreement test sees that two places differ. A wrong effect would pass both, because every
 * place takes it from the same row. So whoever changes an effect changes it here, too.
 */
import { describe, expect, test } from 'vitest';

import { GATES } from '../../src/preload/guard/gates.js';
import { builtinRows } from '../../src/tables/builtins.js';
import { everyOption, type OptionEffect, type OptionRow } from '../../src/tables/options.js';
import { everyVariable, type VariableRow } from '../../src/tables/variables.js';

/** One row of a table: its name, and what it says about that name. */
interface Statement {
  readonly name: string;
  readonly says: string;
}

/** By what rows say, their names. A name that is in none is `harmless`. */
type Expected = Readonly<Record<string, string>>;

const namesIn = (text: string): string[] => text.split(/\s+/).filter((name) => name !== '');

/** The rows that say something else than is expected. */
function wrong(rows: readonly Statement[], expected: Expected): string[] {
  const by = new Map<string, string>();
  for (const [says, names] of Object.entries(expected))
    for (const name of namesIn(names)) by.set(name, says);
  return rows.filter(({ name, says }) => says !== (by.get(name) ?? 'harmless')).map(nameOf);
}
const nameOf = ({ name }: Statement): string => name;

const optionSays = ({ effect, gate, ownProgram, threads }: OptionRow): string =>
  [effect, gate, ownProgram && 'own program', threads && 'threads']
    .filter((word) => word !== undefined)
    .join(', ');

const OPTIONS: Expected = {
  'loads-checked': '--require --import --test-reporter --test-global-setup --bench-reporter',
  interactive: '--eval --print --interactive',
  'before-javascript': `
    --snapshot-blob --frozen-intrinsics --openssl-config --openssl-shared-config --enable-fips
    --force-fips --inspect-brk --inspect-wait --inspect-brk-node --test-isolation`,
  'before-javascript, own program': `
    --build-snapshot --build-snapshot-config --build-sea --experimental-sea-config --run`,
  inspector: '--inspect --no-disable-sigusr1',
  'carries-options': `
    --experimental-config-file --experimental-default-config-file --env-file
    --env-file-if-exists`,
  'weakens-strict, hooks': '--experimental-test-module-mocks',
  'weakens-strict, vm': '--experimental-vm-modules',
  'weakens-strict, eval': `
    --no-disallow-code-generation-from-strings --allow-unsafe-function-constructor`,
  unchecked: `
    --experimental-loader --experimental-shadow-realm --experimental-web-worker
    --experimental-vfs --vfs-load --vfs-mount --no-addons --expose-internals --icu-data-dir
    --security-revert --harmony-shadow-realm --harmony --js-staging --allow-natives-syntax
    --expose-externalize-string --expose-memory-corruption-api --expose-inspector-scripts
    --inspector-live-edit`,
  'harmless, own program': `
    --check --version --help --v8-options --completion-bash --prof-process --test --watch
    --watch-path --bench`,
  'harmless, threads': `
    --trace-event-categories --trace-event-file-pattern --trace-events-enabled`,
};
const EFFECTS: Readonly<Record<OptionEffect, true>> = {
  harmless: true,
  'loads-checked': true,
  'before-javascript': true,
  'carries-options': true,
  inspector: true,
  'weakens-strict': true,
  interactive: true,
  unchecked: true,
};

const variableSays = ({ effect, prefix, forShells }: VariableRow): string =>
  [effect, prefix ? 'and what begins so' : undefined, forShells ? 'for shells' : undefined]
    .filter((word) => word !== undefined)
    .join(', ');

const VARIABLES: Expected = {
  'removed, and what begins so': 'LD_',
  removed: `
    GLIBC_TUNABLES GCONV_PATH GETCONF_DIR OPENSSL_CONF OPENSSL_CONF_INCLUDE OPENSSL_ENGINES
    OPENSSL_MODULES ICU_DATA ICU_TIMEZONE_FILES_DIR NODE_ICU_DATA NODE_REPL_EXTERNAL_MODULE`,
  'removed, for shells':
    'BASH_ENV ENV PROMPT_COMMAND PS4 SHELLOPTS PROMPT4 MAILPATH BASH_LOADABLES_PATH ZDOTDIR FPATH ' +
    'READNULLCMD NULLCMD fish_function_path',
  'removed, and what begins so, for shells': 'BASH_FUNC_',
  cache: 'NODE_COMPILE_CACHE',
  'node-options': 'NODE_OPTIONS',
};

const BUILTIN_EXPORTS: Expected = {
  checked: `
    _tls_common.SecureContext _tls_common.createSecureContext bench.createRunner bench.run
    bench.runFile child_process.ChildProcess child_process._forkChild child_process.exec
    child_process.execFile child_process.execFileSync child_process.execSync child_process.fork
    child_process.spawn child_process.spawnSync cluster.fork cluster.setupMaster
    cluster.setupPrimary crypto.setEngine globalThis.Function globalThis.ShadowRealm
    globalThis.WebAssembly globalThis.Worker globalThis.eval globalThis.process module.Module
    module._extensions module._load module._preloadModules module.createRequire
    module.enableCompileCache module.prototype module.register module.registerHooks
    module.runMain module.stripTypeScriptTypes module.wrap module.wrapper process.dlopen
    process.execve process.getBuiltinModule process.mainModule sqlite.DatabaseSync test.mock
    test.run test.snapshot tls.SecureContext tls.createSecureContext worker_threads.Worker`,
  ffi: `
    ffi.DynamicLibrary ffi.dlclose ffi.dlopen ffi.dlsym ffi.exportArrayBuffer
    ffi.exportArrayBufferView ffi.exportBuffer ffi.exportString ffi.getCurrentEventLoop
    ffi.getFloat32 ffi.getFloat64 ffi.getInt16 ffi.getInt32 ffi.getInt64 ffi.getInt8
    ffi.getRawPointer ffi.getUint16 ffi.getUint32 ffi.getUint64 ffi.getUint8 ffi.setFloat32
    ffi.setFloat64 ffi.setInt16 ffi.setInt32 ffi.setInt64 ffi.setInt8 ffi.setUint16
    ffi.setUint32 ffi.setUint64 ffi.setUint8 ffi.toArrayBuffer ffi.toBuffer ffi.toString`,
  inspector: `
    inspector.Session inspector.open inspector.waitForDebugger inspector/promises.Session
    inspector/promises.open inspector/promises.waitForDebugger process._debugProcess`,
  binding: 'process._linkedBinding process.binding',
  repl: 'repl.REPLServer repl.start',
  flags: 'v8.setFlagsFromString',
  vm: `
    vm.Module vm.Script vm.SourceTextModule vm.SyntheticModule vm.compileFunction
    vm.createContext vm.createScript vm.runInContext vm.runInNewContext vm.runInThisContext
    worker_threads.moveMessagePortToContext`,
};

const optionRows = everyOption();
const variableRows = everyVariable();
const exportRows = Object.entries(builtinRows()).flatMap(([module, rows]) =>
  Object.entries(rows).flatMap(([says, names]) =>
    namesIn(names).map((name) => ({ name: `${module}.${name}`, says })),
  ),
);

describe.for([
  {
    table: 'options',
    rows: optionRows.map((row) => ({ name: row.name, says: optionSays(row) })),
    expected: OPTIONS,
    others: optionRows
      .flatMap((row) => [
        ...Object.keys(EFFECTS).map((effect) => ({ ...row, effect: effect as OptionEffect })),
        ...GATES.map((gate) => ({ ...row, gate })),
        ...(row.ownProgram === true ? [] : [{ ...row, ownProgram: true as const }]),
        ...(row.threads === true ? [] : [{ ...row, threads: true as const }]),
      ])
      .map((row) => ({ name: row.name, says: optionSays(row) })),
  },
  {
    table: 'variables of the environment',
    rows: variableRows.map((row) => ({ name: row.name, says: variableSays(row) })),
    expected: VARIABLES,
    others: variableRows
      .flatMap((row): VariableRow[] => [
        ...(['removed', 'cache', 'node-options', 'harmless'] as const).map((effect) => ({
          ...row,
          effect,
        })),
        { ...row, prefix: !row.prefix },
        ...(row.forShells ? [] : [{ ...row, forShells: true as const }]),
      ])
      .map((row) => ({ name: row.name, says: variableSays(row) })),
  },
  {
    table: "exports of Node's builtins",
    rows: exportRows,
    expected: BUILTIN_EXPORTS,
    others: exportRows.flatMap(({ name }) =>
      ['harmless', 'checked', ...GATES].map((says) => ({ name, says })),
    ),
  },
])('the table of $table', ({ rows, expected, others }) => {
  test('says of each row what it should', () => {
    expect(wrong(rows, expected)).toEqual([]);
  });

  test('has each row that should be there', () => {
    const names = rows.map(nameOf);
    expect(
      Object.values(expected)
        .flatMap(namesIn)
        .filter((name) => !names.includes(name)),
    ).toEqual([]);
  });

  test('says nothing else of any row without being noticed', () => {
    const said = new Map(rows.map(({ name, says }) => [name, says]));
    const changed = others.filter(({ name, says }) => said.get(name) !== says);
    console.log(`${changed.length} wrong effects of ${rows.length} rows`);
    expect(wrong(changed, expected)).toHaveLength(changed.length);
  });
});
