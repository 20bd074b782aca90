import { StringPrototypeStartsWith } from '../primordials.js';

/*
 * Environment variables that bring code or options into a program before it can check anything.
 * Other variables stay unchanged.
 */

/**
 * removed: a program under a policy does not get it. cache: the same, without a word, because the
 * program does the same without it. node-options: it contains Node's options, which are checked one
 * by one. harmless: Node reads it, but it brings in no code.
 */
export interface VariableRow {
  readonly name: string;
  /** Whether the row covers every variable whose name begins with `name`. */
  readonly prefix: boolean;
  readonly effect: 'removed' | 'cache' | 'node-options' | 'harmless';
  readonly why: string;
  /** Only shells read it. */
  readonly forShells?: true;
}

const removed = (why: string, ...names: string[]): VariableRow[] =>
  names.map((name) => ({ name, prefix: false, effect: 'removed', why }));
const removedPrefix = (why: string, name: string): VariableRow => ({
  name,
  prefix: true,
  effect: 'removed',
  why,
});
const REMOVED: readonly VariableRow[] = [
  removedPrefix('It lets the dynamic loader map unchecked libraries.', 'LD_'),
  ...removed('It changes what the dynamic loader and the C library do.', 'GLIBC_TUNABLES'),
  ...removed('It makes the C library load shared objects.', 'GCONV_PATH'),
  ...removed('It makes the C library start programs.', 'GETCONF_DIR'),
  ...removed(
    'It lets OpenSSL load unchecked shared objects.',
    'OPENSSL_CONF',
    'OPENSSL_CONF_INCLUDE',
    'OPENSSL_ENGINES',
    'OPENSSL_MODULES',
  ),
  ...removed(
    'It makes ICU read unchecked data.',
    'ICU_DATA',
    'ICU_TIMEZONE_FILES_DIR',
    'NODE_ICU_DATA',
  ),
  {
    name: 'NODE_COMPILE_CACHE',
    prefix: false,
    effect: 'cache',
    why: 'V8 runs its bytecode without a check.',
  },
  ...removed('Node loads its module instead of the REPL.', 'NODE_REPL_EXTERNAL_MODULE'),
  ...[
    ...removed('A shell runs it, or the file that it names, first.', 'BASH_ENV', 'ENV'),
    removedPrefix('A shell runs it instead of a command.', 'BASH_FUNC_'),
    ...removed('A shell, bash, runs it before each command.', 'PROMPT_COMMAND', 'PS4', 'SHELLOPTS'),
    ...removed('A shell, zsh, runs it before each command.', 'PROMPT4'),
    ...removed('A shell, bash, runs what is in it when mail comes.', 'MAILPATH'),
    ...removed('A shell, bash, loads builtins from these folders.', 'BASH_LOADABLES_PATH'),
    ...removed('A shell, zsh, runs files of these folders.', 'ZDOTDIR', 'FPATH'),
    ...removed('A shell, zsh, starts it to read a file.', 'READNULLCMD', 'NULLCMD'),
    ...removed('A shell, fish, runs files of these folders.', 'fish_function_path'),
  ].map((row) => ({ ...row, forShells: true as const })),
];

/** They say how Node prints, waits, connects or finds files, which are checked. */
const HARMLESS = `
  NODE_DEBUG NODE_DEBUG_NATIVE NODE_DISABLE_COLORS NODE_NO_WARNINGS NODE_PENDING_DEPRECATION
  NODE_PENDING_PIPE_INSTANCES NODE_PRESERVE_SYMLINKS NODE_PRESERVE_SYMLINKS_MAIN
  NODE_REDIRECT_WARNINGS NODE_REPL_HISTORY NODE_REPL_HISTORY_SIZE NODE_REPL_MODE
  NODE_SKIP_PLATFORM_CHECK NODE_PATH NODE_EXTRA_CA_CERTS NODE_TLS_REJECT_UNAUTHORIZED
  NODE_USE_ENV_PROXY NODE_USE_SYSTEM_CA NODE_V8_COVERAGE NODE_COMPILE_CACHE_PORTABLE
  NODE_COMPILE_CACHE_READONLY NODE_DISABLE_COMPILE_CACHE NODE_CHANNEL_FD
  NODE_CHANNEL_SERIALIZATION_MODE NODE_CLUSTER_SCHED_POLICY NODE_UNIQUE_ID NODE_TEST_CONTEXT
  NODE_TEST_WORKER_ID NODE_BENCH_CONTEXT NODE_BENCH_FILE_RUN_ID NODE_BENCH_RUN_ID
  NODE_INSPECT_RESUME_ON_START NODE_MANY_ACCEPTS NODE_NO_READLINE NODE_RUN_SCRIPT_NAME
  NODE_RUN_PACKAGE_JSON_PATH WATCH_REPORT_DEPENDENCIES UV_THREADPOOL_SIZE UV_USE_IO_URING
  SSL_CERT_DIR SSL_CERT_FILE`;

/** Every variable with a row. */
export function everyVariable(): VariableRow[] {
  return [
    ...REMOVED,
    {
      name: 'NODE_OPTIONS',
      prefix: false,
      effect: 'node-options',
      why: "It holds Node's options.",
    },
    ...HARMLESS.trim()
      .split(/\s+/)
      .map((name) => ({
        name,
        prefix: false,
        effect: 'harmless' as const,
        why: 'It says how Node prints, waits, connects or finds files, which are checked.',
      })),
  ];
}

const { create, hasOwn } = Object;
const exact = create(null) as Record<string, VariableRow>;
for (const row of REMOVED) if (!row.prefix) exact[row.name] = row;
const prefixes = REMOVED.filter(({ prefix }) => prefix);

function removedRow(name: string): VariableRow | undefined {
  if (hasOwn(exact, name)) return exact[name];
  for (let i = 0; i < prefixes.length; i++) {
    const row = prefixes[i] as VariableRow;
    if (StringPrototypeStartsWith(name, row.name)) return row;
  }
  return undefined;
}

/** Whether a variable is removed. It also works after the program has run. */
export const isRemoved = (name: string): boolean => removedRow(name) !== undefined;

/** Whether a variable brings code into a Node. */
export function reachesNode(name: string): boolean {
  const row = removedRow(name);
  return row !== undefined && row.forShells !== true;
}
