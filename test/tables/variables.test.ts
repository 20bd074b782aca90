import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { describe, expect, test } from 'vitest';

import { VARIABLES } from '../../src/tables/variables.js';
import { MAJORS, nodeBinary, type Major } from '../preload/versions.js';

const program = fileURLToPath(new URL('programs/variables.cjs', import.meta.url));

const hasRow = (name: string): boolean =>
  VARIABLES.some((row) => (row.prefix ? name.startsWith(row.name) : name === row.name));

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

describe.for(MAJORS)('Node %i', (major) => {
  test('looks at no variable without a row', () => {
    const names = new Set([...fromHelp(major), ...fromJavaScript(major), ...fromBinary(major)]);
    console.log(`Node ${major}: ${names.size} variables of the environment`);
    expect(names.size).toBeGreaterThan(40);
    const missing = [...names].filter((name) => !hasRow(name) && !OTHERS.includes(name));
    expect(missing).toEqual([]);
  });
});

test('the table has each name once, with a reason', () => {
  console.log(`${VARIABLES.length} rows of variables`);
  const names = VARIABLES.map(({ name }) => name);
  expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
  for (const { name, why } of VARIABLES) expect(why, name).toMatch(/^[A-Z].*\.$/);
});
