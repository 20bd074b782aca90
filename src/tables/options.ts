import { everyRow, type OptionGroup, type OptionTable } from './option-table.js';
import { everyV8Option } from './v8-options.js';

/*
 * What Node's options do. An option without a row is refused wherever something is
 * enforced. test/tables/options.test.ts compares the table with each Node.
 */

/**
 * What an option does:
 *
 * - `harmless`: it brings in no code.
 * - `loads-checked`: it names a module, which is checked like any other file.
 * - `before-javascript`: it acts before a preload can run.
 * - `carries-options`: it brings in more options, or an environment.
 * - `inspector`: it lets a debugger give the program code.
 * - `weakens-strict`: it is harmless, except under `--strict`.
 * - `interactive`: its code comes from no file.
 * - `unchecked`: it brings in unchecked code.
 */
export type OptionEffect =
  | 'harmless'
  | 'loads-checked'
  | 'before-javascript'
  | 'carries-options'
  | 'inspector'
  | 'weakens-strict'
  | 'interactive'
  | 'unchecked';

/** One option, for Node 22, 24 and 26 together. */
export interface OptionRow {
  /**
   * The name with dashes. The row also applies to the negated form, unless the table has a row
   * `--no-…`.
   */
  readonly name: string;
  readonly aliases: readonly string[];
  /** An `optional` value follows an equals sign. A `required` one may be the next word. */
  readonly value: 'none' | 'optional' | 'required';
  readonly effect: OptionEffect;
  /** One sentence about the option. A refusal repeats it. */
  readonly why: string;
  /** What to do instead, where that is more than to leave it out. A refusal ends with it. */
  readonly instead?: string;
  /** The gate of `--strict` that the option opens. Only for `weakens-strict`. */
  readonly gate?: string;
  /** With this value, behind an equals sign, the option is harmless. */
  readonly harmlessValue?: string;
  /** Node runs an internal program, or prints and ends. */
  readonly ownProgram?: true;
  /** It starts a thread that starts threads. */
  readonly threads?: true;
}

const row = (
  name: string,
  value: OptionRow['value'],
  effect: OptionEffect,
  why: string,
  ...aliases: string[]
): OptionRow => ({ name, aliases, value, effect, why });

const harmless = (
  why: string,
  names: string,
  more: Partial<OptionGroup['common']> = {},
): OptionGroup => ({ names, value: 'none', common: { effect: 'harmless', why, ...more } });

const OWN_PROGRAM = { ownProgram: true } as const;

/** Almost every start has it, and no other option. */
export const REQUIRE: OptionRow = row(
  '--require',
  'required',
  'loads-checked',
  'The module that it names is checked.',
  '-r',
);

function rows(): readonly OptionRow[] {
  const NO_PRELOAD = 'It runs code in a process where no preload runs.';
  const DEBUGGER_FIRST = 'It serves a debugger before any preload runs.';
  const DEBUGGER = 'It lets a debugger give the program code.';
  const OPTIONS_FILE = 'It reads options from an unchecked file.';
  const ENVIRONMENT_FILE = 'It reads an environment from an unchecked file.';
  const SHARED_OBJECTS = 'It lets OpenSSL load unchecked shared objects.';
  const REALMS = 'It makes realms with unchecked loaders.';
  const VIRTUAL_FILES = 'It replaces real files by files that the kernel cannot check.';
  const MOCKS = 'It lets a program replace the source of modules.';
  const VM_MODULES = 'It lets a program make modules from strings.';
  const REPORTER = 'The module that it names is checked.';
  const BUILD_ELSEWHERE = 'Build where nothing is enforced';
  const DEBUG_ELSEWHERE = 'Debug where nothing is enforced';
  const COMMAND_LINE = 'Give its options on the command line';
  const SET_VARIABLES = 'Set its variables where the program is started';

  return [
    REQUIRE,
    row('--import', 'required', 'loads-checked', 'The module that it names is checked.'),
    row('--test-reporter', 'required', 'loads-checked', REPORTER),
    row('--test-global-setup', 'required', 'loads-checked', 'The module that it names is checked.'),
    row('--bench-reporter', 'required', 'loads-checked', REPORTER),

    row('--eval', 'required', 'interactive', 'Its code comes from the command line.', '-e'),
    row('--print', 'none', 'interactive', 'Its code comes from the command line.', '-p'),
    row('--interactive', 'none', 'interactive', 'Its code comes from a terminal.', '-i'),

    {
      ...row('--build-snapshot', 'none', 'before-javascript', NO_PRELOAD),
      ...OWN_PROGRAM,
      instead: BUILD_ELSEWHERE,
    },
    {
      ...row('--build-snapshot-config', 'required', 'before-javascript', NO_PRELOAD),
      ...OWN_PROGRAM,
      instead: BUILD_ELSEWHERE,
    },
    {
      ...row('--build-sea', 'required', 'before-javascript', NO_PRELOAD),
      ...OWN_PROGRAM,
      instead: BUILD_ELSEWHERE,
    },
    {
      ...row('--experimental-sea-config', 'required', 'before-javascript', NO_PRELOAD),
      ...OWN_PROGRAM,
      instead: BUILD_ELSEWHERE,
    },
    {
      ...row(
        '--run',
        'required',
        'before-javascript',
        'It hands a line of package.json to a shell.',
      ),
      ...OWN_PROGRAM,
      instead: 'Start the file that the line names',
    },
    {
      ...row(
        '--snapshot-blob',
        'required',
        'before-javascript',
        'It runs the callbacks of a snapshot before any preload.',
      ),
      instead: 'Start the program by its script',
    },
    row(
      '--frozen-intrinsics',
      'none',
      'before-javascript',
      'It freezes the language before the preload can guard the inside of Node.',
    ),
    {
      ...row(
        '--test-isolation',
        'required',
        'before-javascript',
        'With `none` Node loads the reporter and the global setup of tests before any preload.',
        '--experimental-test-isolation',
      ),
      harmlessValue: 'process',
      instead: 'Leave it out, and each test file runs in a process of its own',
    },
    row('--openssl-config', 'required', 'before-javascript', SHARED_OBJECTS),
    row('--openssl-shared-config', 'none', 'before-javascript', SHARED_OBJECTS),
    row('--enable-fips', 'none', 'before-javascript', SHARED_OBJECTS),
    row('--force-fips', 'optional', 'before-javascript', SHARED_OBJECTS),
    {
      ...row('--inspect-brk', 'optional', 'before-javascript', DEBUGGER_FIRST, '--debug-brk'),
      instead: DEBUG_ELSEWHERE,
    },
    {
      ...row('--inspect-wait', 'optional', 'before-javascript', DEBUGGER_FIRST),
      instead: DEBUG_ELSEWHERE,
    },
    {
      ...row('--inspect-brk-node', 'optional', 'before-javascript', DEBUGGER_FIRST),
      instead: DEBUG_ELSEWHERE,
    },
    { ...row('--inspect', 'optional', 'inspector', DEBUGGER, '--debug'), instead: DEBUG_ELSEWHERE },
    {
      ...row('--no-disable-sigusr1', 'none', 'inspector', 'It lets a signal open the inspector.'),
      instead: DEBUG_ELSEWHERE,
    },

    {
      ...row('--experimental-config-file', 'required', 'carries-options', OPTIONS_FILE),
      instead: COMMAND_LINE,
    },
    {
      ...row('--experimental-default-config-file', 'none', 'carries-options', OPTIONS_FILE),
      instead: COMMAND_LINE,
    },
    {
      ...row('--env-file', 'required', 'carries-options', ENVIRONMENT_FILE),
      instead: SET_VARIABLES,
    },
    {
      ...row('--env-file-if-exists', 'required', 'carries-options', ENVIRONMENT_FILE),
      instead: SET_VARIABLES,
    },

    {
      ...row('--experimental-test-module-mocks', 'none', 'weakens-strict', MOCKS),
      gate: 'hooks',
    },
    {
      ...row('--experimental-vm-modules', 'none', 'weakens-strict', VM_MODULES),
      gate: 'vm',
    },

    {
      ...row(
        '--experimental-loader',
        'required',
        'unchecked',
        'It loads hooks on a thread without checks.',
        '--loader',
      ),
      instead: 'Register hooks by module.registerHooks(), in a file that --import names',
    },
    row('--experimental-shadow-realm', 'none', 'unchecked', REALMS),
    {
      ...row('--experimental-web-worker', 'none', 'unchecked', 'It makes unchecked Workers.'),
      instead: 'Use the Worker of node:worker_threads',
    },
    row('--experimental-vfs', 'none', 'unchecked', VIRTUAL_FILES),
    row('--vfs-load', 'required', 'unchecked', VIRTUAL_FILES),
    row('--vfs-mount', 'required', 'unchecked', VIRTUAL_FILES),
    row('--no-addons', 'none', 'unchecked', "It keeps mayexec's own addon from being loaded."),
    row(
      '--expose-internals',
      'none',
      'unchecked',
      'It gives a program the internals of Node that the checks use.',
    ),
    row('--icu-data-dir', 'required', 'unchecked', 'It makes ICU read unchecked data.'),
    row(
      '--security-revert',
      'required',
      'unchecked',
      'It reopens a known vulnerability.',
      '--security-reverts',
    ),

    row('--conditions', 'required', 'harmless', 'It says which file is loaded.', '-C'),
    { ...row('--check', 'none', 'harmless', 'It runs nothing.', '-c'), ...OWN_PROGRAM },
    {
      ...row('--version', 'none', 'harmless', 'It prints, and runs nothing.', '-v'),
      ...OWN_PROGRAM,
    },
    { ...row('--help', 'none', 'harmless', 'It prints, and runs nothing.', '-h'), ...OWN_PROGRAM },
    row('--permission', 'none', 'harmless', 'It restricts.', '--experimental-permission'),
    row(
      '--strip-types',
      'none',
      'harmless',
      'It says how a file is read.',
      '--experimental-strip-types',
    ),
    row(
      '--inspect-port',
      'required',
      'harmless',
      'It says where a debugger would be served.',
      '--debug-port',
    ),
    row('--report-dir', 'required', 'harmless', 'It writes reports.', '--report-directory'),
    row(
      '--network-family-autoselection',
      'none',
      'harmless',
      'It changes the network.',
      '--enable-network-family-autoselection',
    ),
    row(
      '--experimental-webstorage',
      'none',
      'harmless',
      'It adds an interface that loads no code.',
      '--webstorage',
    ),
    row(
      '--experimental-specifier-resolution',
      'optional',
      'harmless',
      'It does nothing.',
      '--es-module-specifier-resolution',
    ),
    row(
      '--async-context-frame',
      'none',
      'harmless',
      'It changes how asynchronous contexts are kept.',
      '--experimental-async-context-frame',
    ),
  ];
}

/** Harmless options that have no second name. */
const groups = (): readonly OptionGroup[] => [
  harmless(
    'It says which file is loaded, or how it is read.',
    `input-type= experimental-default-type= preserve-symlinks preserve-symlinks-main
     global-search-paths entry-url experimental-detect-module experimental-require-module
     require-module experimental-transform-types experimental-import-meta-resolve
     experimental-package-map= experimental-wasm-modules experimental-addon-modules
     experimental-import-text experimental-json-modules experimental-modules
     experimental-top-level-await`,
  ),
  harmless(
    'It prints, and runs no code of a program.',
    'v8-options completion-bash prof-process',
    OWN_PROGRAM,
  ),
  harmless(
    'It restricts, or says what a restriction leaves open.',
    `permission-audit allow-addons allow-child-process allow-ffi allow-fs-read=
     allow-fs-write= allow-fs-vfs allow-inspector allow-net allow-openssl-store
     allow-wasi allow-worker disable-sigusr1 disable-proto=
     force-context-aware addons`,
  ),
  harmless(
    'It changes what is printed, or written to a file of data.',
    `warnings disable-warning= redirect-warnings= deprecation pending-deprecation
     throw-deprecation trace-deprecation trace-warnings trace-uncaught trace-exit
     trace-promises trace-sync-io trace-sigint trace-tls trace-env trace-env-js-stack
     trace-env-native-stack trace-atomics-wait trace-require-module=
     enable-source-maps extra-info-on-fatal-exception experimental-print-required-tla
     unhandled-rejections= force-node-api-uncaught-exceptions-policy diagnostic-dir=
     report-compact report-exclude-env report-exclude-network report-filename=
     report-on-fatalerror report-on-signal report-signal= report-uncaught-exception
     experimental-report cpu-prof cpu-prof-dir= cpu-prof-interval= cpu-prof-name=
     heap-prof heap-prof-dir= heap-prof-interval= heap-prof-name=
     heapsnapshot-near-heap-limit= heapsnapshot-signal= track-heap-objects title=
     inspect-publish-uid= tls-keylog= enable-fips-indicator-events`,
  ),
  harmless(
    'It writes events to a file of data.',
    'trace-event-categories= trace-event-file-pattern= trace-events-enabled',
    { threads: true },
  ),
  harmless(
    'Node runs the files that it is given, and they are checked.',
    'test watch watch-path= bench',
    OWN_PROGRAM,
  ),
  harmless(
    'It says how tests or benchmarks are run; their files are checked.',
    `test-concurrency= test-coverage-branches= test-coverage-exclude=
     test-coverage-functions= test-coverage-include= test-coverage-include-all
     test-coverage-lines= test-force-exit test-name-pattern= test-only
     test-random-seed= test-randomize test-reporter-destination= test-rerun-failures=
     test-shard= test-skip-pattern= test-timeout= test-update-snapshots
     test-udp-no-try-send experimental-test-coverage experimental-test-snapshots
     experimental-test-tag-filter= watch-preserve-output
     watch-kill-signal= bench-isolation= bench-name-pattern=
     bench-reporter-destination= bench-samples= bench-warmup= experimental-bench`,
  ),
  harmless(
    'It changes the network or cryptography, and loads nothing.',
    `dns-result-order= network-family-autoselection-attempt-timeout= insecure-http-parser
     http-parser max-http-header-size= tls-cipher-list= tls-max-v1.2 tls-max-v1.3
     tls-min-v1.0 tls-min-v1.1 tls-min-v1.2 tls-min-v1.3 use-bundled-ca use-openssl-ca
     use-system-ca use-env-proxy openssl-legacy-provider secure-heap= secure-heap-min=`,
  ),
  harmless(
    'It adds, or takes away, an interface that loads no code by itself.',
    `experimental-abortcontroller experimental-dtls experimental-eventsource
     experimental-fetch experimental-ffi experimental-global-customevent
     experimental-global-navigator experimental-global-webcrypto experimental-quic
     experimental-repl-await experimental-sqlite experimental-stream-iter
     experimental-wasi-unstable-preview1 experimental-websocket experimental-worker
     localstorage-file= napi-modules experimental-network-inspection
     experimental-inspector-network-resource experimental-storage-inspection
     experimental-worker-inspection`,
  ),
  harmless(
    'It changes memory, speed or checks of Node itself.',
    `debug-arraybuffer-allocations disable-wasm-trap-handler force-async-hooks-checks
     max-old-space-size-percentage= node-memory-debug node-snapshot use-largepages=
     v8-pool-size= verify-base-objects worker-snapshot zero-fill-buffers`,
  ),
];

/** What a refusal says to do. */
export const adviceOf = (row: OptionRow): string => row.instead ?? 'Leave it out';

/**
 * Node's own options. Node passes unknown options on to V8, whose options are in v8-options.ts. Made
 * when a word is another option than --require, so that most starts do not read the table. The
 * program may have run by then.
 */
export const nodeOptions = (): OptionTable => ({ rows: rows(), groups: groups() });

/** Every option with a row, V8's too. */
export const everyOption = (): OptionRow[] => [...everyRow(nodeOptions()), ...everyV8Option()];
