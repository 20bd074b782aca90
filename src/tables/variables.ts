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
  /** Whether only shells read it. */
  readonly forShells: boolean;
}

/** Variables that differ only in their names. */
interface VariableGroup extends Omit<VariableRow, 'name'> {
  readonly names: readonly string[];
}

const removed = (why: string, ...names: string[]): VariableGroup => ({
  names,
  prefix: false,
  effect: 'removed',
  why,
  forShells: false,
});
const removedPrefix = (why: string, name: string): VariableGroup => ({
  ...removed(why, name),
  prefix: true,
});
const forShells = (group: VariableGroup): VariableGroup => ({ ...group, forShells: true });

/** Made when it is first asked, since most starts never ask. The program may have run by then. */
const removedVariables = (): readonly VariableGroup[] => [
  removedPrefix('It lets the dynamic loader map unchecked libraries.', 'LD_'),
  removed('It changes what the dynamic loader and the C library do.', 'GLIBC_TUNABLES'),
  removed('It makes the C library load shared objects.', 'GCONV_PATH'),
  removed('It makes the C library start programs.', 'GETCONF_DIR'),
  removed(
    'It lets OpenSSL load unchecked shared objects.',
    'OPENSSL_CONF',
    'OPENSSL_CONF_INCLUDE',
    'OPENSSL_ENGINES',
    'OPENSSL_MODULES',
  ),
  removed(
    'It makes ICU read unchecked data.',
    'ICU_DATA',
    'ICU_TIMEZONE_FILES_DIR',
    'NODE_ICU_DATA',
  ),
  {
    names: ['NODE_COMPILE_CACHE'],
    prefix: false,
    effect: 'cache',
    why: 'V8 runs its bytecode without a check.',
    forShells: false,
  },
  removed('Node loads its module instead of the REPL.', 'NODE_REPL_EXTERNAL_MODULE'),
  forShells(removed('A shell runs it, or the file that it names, first.', 'BASH_ENV', 'ENV')),
  forShells(removedPrefix('A shell runs it instead of a command.', 'BASH_FUNC_')),
  forShells(
    removed('A shell, bash, runs it before each command.', 'PROMPT_COMMAND', 'PS4', 'SHELLOPTS'),
  ),
  forShells(removed('A shell, zsh, runs it before each command.', 'PROMPT4')),
  forShells(removed('A shell, bash, runs what is in it when mail comes.', 'MAILPATH')),
  forShells(removed('A shell, bash, loads builtins from these folders.', 'BASH_LOADABLES_PATH')),
  forShells(removed('A shell, zsh, runs files of these folders.', 'ZDOTDIR', 'FPATH')),
  forShells(removed('A shell, zsh, starts it to read a file.', 'READNULLCMD', 'NULLCMD')),
  forShells(removed('A shell, fish, runs files of these folders.', 'fish_function_path')),
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
    ...removedVariables().flatMap(({ names, ...common }) =>
      names.map((name) => ({ name, ...common })),
    ),
    {
      name: 'NODE_OPTIONS',
      prefix: false,
      effect: 'node-options',
      why: "It holds Node's options.",
      forShells: false,
    },
    ...HARMLESS.trim()
      .split(/\s+/)
      .map((name) => ({
        name,
        prefix: false,
        effect: 'harmless' as const,
        why: 'It says how Node prints, waits, connects or finds files, which are checked.',
        forShells: false,
      })),
  ];
}

let groups: readonly VariableGroup[] | undefined;

function removedGroup(name: string): VariableGroup | undefined {
  groups ??= removedVariables();
  for (let i = 0; i < groups.length; i++) {
    const group = groups[i] as VariableGroup;
    for (let j = 0; j < group.names.length; j++) {
      const own = group.names[j] as string;
      if (group.prefix ? StringPrototypeStartsWith(name, own) : name === own) return group;
    }
  }
  return undefined;
}

/** Whether a variable is removed. It also works after the program has run. */
export const isRemoved = (name: string): boolean => removedGroup(name) !== undefined;

/** Whether a variable brings code into a Node. */
export function reachesNode(name: string): boolean {
  const group = removedGroup(name);
  return group !== undefined && !group.forShells;
}
