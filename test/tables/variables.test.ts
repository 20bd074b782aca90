import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { describe, expect, test } from 'vitest';

import {
  everyVariable,
  isRemoved,
  reachesNode,
  type VariableRow,
} from '../../src/tables/variables.js';
import { MAJORS, nodeBinary, type Major } from '../preload/versions.js';

const VARIABLES = everyVariable();
const program = fileURLToPath(new URL('programs/variables.cjs', import.meta.url));

const withoutRow = (names: Iterable<string>, rows: readonly VariableRow[]): string[] =>
  [...names].filter(
    (name) => !rows.some((row) => (row.prefix ? name.startsWith(row.name) : name === row.name)),
  );

const without = (row: VariableRow): VariableRow[] => VARIABLES.filter((other) => other !== row);

/** What Node takes for its own, or one of its libraries takes for its own. */
const OWN = /^(?:NODE|OPENSSL|ICU|SSL_CERT|UV_(?:THREADPOOL|USE)|WATCH|LD)_\w/;

/** Of terminals, proxies, folders and other people's programs: they choose no code. */
const OTHERS = [
  ...['CI_NAME', 'COLORTERM', 'FORCE_COLOR', 'NO_COLOR', 'TEAMCITY_VERSION', 'TERM', 'TMUX'],
  ...['TERM_PROGRAM', 'TERM_PROGRAM_VERSION', 'JEST_WORKER_ID', 'TZ', 'HOME', 'CI'],
  ...['HTTPS_PROXY', 'HTTP_PROXY', 'NO_PROXY', 'TEMP', 'TMP', 'USERPROFILE'],
  ...['UNDICI_NO_FG', 'UNDICI_NO_WASM_SIMD'],
];

/** Constants in the binary that look like variables. */
const CONSTANTS = new RegExp(
  '^(?:NODE_PERFORMANCE_.*|NODE_OPT[A-Z]{1,3}|NODE_SEA[A-Z_]*|NODE_DEBUG_ENABLED|' +
    'ICU_NO_USER_DATA_OVERRIDE|ICU_ENABLE_.*|OPENSSL_EC_.*|OPENSSL_VERSION_NUMBER)$',
);

function fromHelp(major: Major): string[] {
  const help = execFileSync(nodeBinary(major), ['--help'], { encoding: 'utf8' });
  const part = help.slice(help.indexOf('Environment variables:'));
  return part.match(/^[A-Z][A-Z0-9_]{2,}(?= )/gm) ?? [];
}

function fromJavaScript(major: Major): string[] {
  const args = ['--no-warnings', '--expose-internals', program];
  return JSON.parse(execFileSync(nodeBinary(major), args, { encoding: 'utf8' })) as string[];
}

/** Whole strings in the binary, which getenv(3) may be called with. */
function fromBinary(major: Major): string[] {
  const text = readFileSync(nodeBinary(major), 'latin1');
  return [...text.matchAll(/(?<=\0)[A-Z][A-Z0-9_]{3,40}(?=\0)/g)]
    .map(([name]) => name)
    .filter((name) => OWN.test(name) && !CONSTANTS.test(name));
}

/** What other programs look at (the C library, ICU, shells), and what Node sets for `--run`. */
const NOT_NODES = [
  ...['LD_PRELOAD', 'GLIBC_TUNABLES', 'GCONV_PATH', 'GETCONF_DIR', 'ICU_DATA'],
  ...['BASH_ENV', 'ENV', 'BASH_FUNC_ls%%', 'PROMPT_COMMAND', 'PS4', 'SHELLOPTS'],
  ...[
    'ZDOTDIR',
    'FPATH',
    'PROMPT4',
    'MAILPATH',
    'BASH_LOADABLES_PATH',
    'READNULLCMD',
    'NULLCMD',
    'fish_function_path',
    'NODE_RUN_SCRIPT_NAME',
    'NODE_RUN_PACKAGE_JSON_PATH',
  ],
];

/** Rows that were missed when they were deleted, on any Node. */
const missed = new Set<string>();

describe.for(MAJORS)('Node %i', (major) => {
  const names = new Set([...fromHelp(major), ...fromJavaScript(major), ...fromBinary(major)]);

  test('looks at no variable without a row', () => {
    console.log(`Node ${major}: ${names.size} variables of the environment`);
    expect(names.size).toBeGreaterThan(40);
    const asked = [...names].filter((name) => !OTHERS.includes(name));
    expect(withoutRow(asked, VARIABLES)).toEqual([]);
  });

  test('misses each row that is deleted', () => {
    for (const row of VARIABLES) {
      if (withoutRow(names, without(row)).some((name) => !OTHERS.includes(name)))
        missed.add(row.name);
      else expect([...names], row.name).not.toContain(row.name);
    }
  });
});

test('no row could be deleted unseen', () => {
  for (const row of VARIABLES) {
    if (withoutRow(NOT_NODES, without(row)).length > 0) missed.add(row.name);
  }
  console.log(`${missed.size} of ${VARIABLES.length} rows of variables are missed when deleted`);
  expect(withoutRow(NOT_NODES, VARIABLES)).toEqual([]);
  expect(VARIABLES.map(({ name }) => name).filter((name) => !missed.has(name))).toEqual([]);
});

test('the table has each name once, with a reason', () => {
  console.log(`${VARIABLES.length} rows of variables`);
  const names = VARIABLES.map(({ name }) => name);
  expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
  for (const { name, why } of VARIABLES) expect(why, name).toMatch(/^[A-Z].*\.$/);
});

/** Neither is in the table, or looks like a name that is. */
const OTHER_NAMES = ['PATH', 'LD', 'XLD_PRELOAD', 'BASH_FUNC', 'GCONV_PATH_', '', 'constructor'];

test('removed is what the table says, and nothing else', () => {
  const isLost = ({ effect }: VariableRow): boolean => effect === 'removed' || effect === 'cache';
  const named = ({ name, prefix }: VariableRow): string => (prefix ? `${name}x` : name);
  const names = [...VARIABLES.map(named), ...OTHER_NAMES];
  expect(names.filter(isRemoved)).toEqual(VARIABLES.filter(isLost).map(named));
  expect(names.filter(reachesNode)).toEqual(
    VARIABLES.filter((row) => isLost(row) && !row.forShells).map(named),
  );
});
