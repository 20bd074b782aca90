/**
 * libFuzzer over the C code that reads what others wrote, under AddressSanitizer and UBSan.
 * A target is a file of native/, and says what must hold of each input. Its corpus is what
 * earlier runs found.
 */
import { execFile } from 'node:child_process';
import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { beforeAll, expect } from 'vitest';

import { GATES } from '../../src/preload/guard/gates.js';
import { everyOption } from '../../src/tables/options.js';
import { everyVariable } from '../../src/tables/variables.js';
import { isInstalled } from '../../lab/installed.js';
import { withPrograms } from '../support/other-programs.js';
import { sandbox } from '../support/sandbox.js';

/** For all targets together. */
const SECONDS = Number(process.env['MAYEXEC_FUZZ_SECONDS'] ?? 5);
/** Adds to the corpora what reaches code that they do not reach. */
const KEEP = process.env['MAYEXEC_FUZZ_KEEP'] === '1';

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const native = here('../../native/');

const names = readdirSync(here('native'))
  .filter((file) => file.endsWith('.c') && file !== 'input.c')
  .map((file) => file.slice(0, -2));

const SANITIZE = '-fsanitize=fuzzer,address,undefined';
const FLAGS = [
  ...['-std=gnu11', '-g', '-O1', SANITIZE, '-fno-sanitize-recover=all'],
  ...['-iquote', native, '-iquote', `${native}run`, '-iquote', here('native')],
];

const box = sandbox();
const run = promisify(execFile);
// The runtime of another compiler's sanitizer may come first in the environment.
const env = { ...process.env, LD_PRELOAD: '', ASAN_OPTIONS: '', UBSAN_OPTIONS: '' };
const clang = (...args: string[]): Promise<unknown> => run('clang-14', args, { env });

async function compile(source: string, name: string): Promise<string> {
  const object = box.path(`${name}.o`);
  await clang(...FLAGS, '-c', source, '-o', object);
  return object;
}

/** All of the launcher but its main(), for the linker to choose from. */
async function library(): Promise<void> {
  const gypi = readFileSync(`${native}run/sources.gypi`, 'utf8');
  const { sources } = JSON.parse(gypi) as { sources: string[] };
  const files = sources.filter((file) => file !== 'main.c').map((file) => `${native}run/${file}`);
  await run(process.execPath, [`${native}run/tables.mjs`, box.path('tables.c')], { env });
  const objects = [];
  for (const [i, file] of [...files, box.path('tables.c'), here('native/input.c')].entries())
    objects.push(await compile(file, `library-${String(i)}`));
  await run('ar', ['rc', box.path('library.a'), ...objects]);
}

async function build(name: string): Promise<string> {
  const program = box.path(name);
  const object = await compile(here(`native/${name}.c`), name);
  await clang(SANITIZE, '-Wl,--wrap=write', object, box.path('library.a'), '-o', program);
  return program;
}

/** Words that a random input would not find. */
function dictionary(): string {
  const words = [
    ...everyOption().flatMap(({ name, aliases }) => [name, ...aliases]),
    ...everyVariable().map(({ name }) => name),
    ...GATES,
    ...['env', 'exec', 'node', '--split-string', '--reset-env', '--ignore-environment', '-S', '-i'],
    ...[
      '--allow',
      '--audit-log',
      '--allow-exec',
      '--strict',
      '--unset',
      '#!',
      '_ZN4node5StartEiPPc',
    ],
    ...['NODE_SEA_BLOB', 'libnode.so', '/usr/bin/env', '--env-file=x', '--no-', '--'],
  ];
  return words.map((word) => `"${word.replaceAll(/["\\]/g, '\\$&')}"\n`).join('');
}

// Where there is no clang, each test says so.
beforeAll(async () => {
  if (!isInstalled('clang-14')) return;
  await library();
  writeFileSync(box.path('dictionary'), dictionary());
});

for (const name of names) {
  const seconds = Math.max(1, Math.round(SECONDS / names.length));
  withPrograms('clang-14')(
    `no input of ${String(seconds)} s breaks ${name}`,
    async () => {
      const program = await build(name);
      const kept = here(`corpus/${name}`);
      const found = box.path(`corpus-${name}`);
      cpSync(kept, found, { recursive: true });
      expect(readdirSync(kept).length).toBeGreaterThan(0);
      const options = ['-max_len=2048', '-timeout=10', `-artifact_prefix=${box.dir}/`];
      const { stderr } = await run(
        program,
        [
          ...options,
          `-dict=${box.path('dictionary')}`,
          `-max_total_time=${String(seconds)}`,
          found,
        ],
        { env, maxBuffer: 1 << 28 },
      );
      console.log(`${name}: ${stderr.trimEnd().split('\n').at(-1) ?? ''}`);
      if (KEEP)
        await run(program, [...options, '-merge=1', '-use_counters=0', kept, found], { env });
    },
    (seconds * 2 + 300) * 1000,
  );
}
