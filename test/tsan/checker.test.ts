/**
 * The checker (native/checker.h) under ThreadSanitizer. Node is not built for it, so
 * checker.c plays the JavaScript threads and libuv's pool. Then each lock and each barrier
 * is taken out once: a report that never comes would prove nothing.
 */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect } from 'vitest';

import { needs } from '../support/kernel.js';
import { sandbox } from '../support/sandbox.js';

/** Hours by hand. */
const SECONDS = Number(process.env['MAYEXEC_TSAN_SECONDS'] ?? 20);
/** A mutant ends with its first report, within the first second as a rule. */
const MUTANT_SECONDS = 20;

const native = fileURLToPath(new URL('../../native/', import.meta.url));
const harness = fileURLToPath(new URL('checker.c', import.meta.url));
const names = ['checker', 'lane', 'exec_check', 'open_exec', 'openat2', 'read_file'] as const;
const others = ['code_image', 'restrictions', 'directory', 'deadly_calls', 'own_thread'] as const;
const sources = [...names, ...others] as const;
type Source = (typeof sources)[number];

const FLAGS = ['-std=c11', '-g', '-O1', '-fsanitize=thread', '-iquote', native];
/** What fails now and then: checker.c has the other half. */
const WRAPPED = ['pthread_create', 'unshare', 'clone', '_exit'].map((name) => `-Wl,--wrap=${name}`);

const box = sandbox();
const run = promisify(execFile);
// Another sanitizer's runtime may come first in the environment.
const env = { ...process.env, LD_PRELOAD: '' };

async function compile(source: string, object: string): Promise<string> {
  await run('cc', [...FLAGS, '-c', source, '-o', object], { env });
  return object;
}

async function link(objects: readonly string[], program: string): Promise<string> {
  await run('cc', ['-fsanitize=thread', ...WRAPPED, ...objects, '-o', program], { env });
  return program;
}

interface End {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs until the end, or the first report. A report from a child that shares the memory
 * would leave the parent waiting for ever, so both are killed.
 *
 * Addresses are not randomized: the runtime of older compilers cannot live with much of it.
 */
async function start(program: string, seconds: number): Promise<End> {
  const folder = box.directory(`${basename(program)}-files`);
  const child = spawn('setarch', ['-R', program, folder, String(seconds)], {
    env: { ...env, TSAN_OPTIONS: 'halt_on_error=1' },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true, // a process group of its own
  });
  const kill = (): void => {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  };
  const late = setTimeout(kill, (seconds + 60) * 1000);
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (stdout += chunk));
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    stderr += chunk;
    if (stderr.includes('SUMMARY: ThreadSanitizer') && child.exitCode === null) kill();
  });
  await once(child, 'close');
  clearTimeout(late);
  return { status: child.exitCode, stdout, stderr };
}

/** The text of a function without the lock that it takes. */
function withoutLock(name: string): (text: string) => string {
  return (text) => {
    const body = new RegExp(`^[^\\n]*\\b${name}\\([^;]*?\\) \\{\\n.*?^\\}`, 'ms').exec(text)?.[0];
    if (body === undefined) throw new Error(`there is no function ${name}`);
    return text.replace(body, body.replace(/pthread_mutex_(un)?lock\(&c->lock\)/g, '0'));
  };
}

function instead(of: string, put: string): (text: string) => string {
  return (text) => text.replace(of, put);
}

const mutants: readonly (readonly [string, Source, (text: string) => string])[] = [
  ['a lane is taken without the lock', 'checker', withoutLock('take')],
  ['a lane is given back without the lock', 'checker', withoutLock('give_back')],
  ['a lane is reserved without the lock', 'checker', withoutLock('mayexec_checker_reserve')],
  ['the lanes are replaced without the lock', 'checker', withoutLock('mayexec_checker_renew')],
  [
    'a lane that is taken stays with the idle ones',
    'checker',
    (text) =>
      text
        .replace('c->idle = (*taken)->next;', '')
        .replace('lane->next = c->idle;\n    c->idle = lane;', ''),
  ],
  [
    'an order is given without a barrier',
    'lane',
    instead('value, memory_order_release', 'value, memory_order_relaxed'),
  ],
  [
    'an order or an answer is read without a barrier',
    'lane',
    instead(
      'atomic_load_explicit(&s->word, memory_order_acquire)',
      'atomic_load_explicit(&s->word, memory_order_relaxed)',
    ),
  ],
  [
    'a lane is freed before its thread has ended',
    'lane',
    instead(
      '(void)pthread_join(lane->state->thread, NULL);',
      '(void)pthread_detach(lane->state->thread);',
    ),
  ],
  [
    'the restrictions are counted without an atomic',
    'restrictions',
    instead(
      'atomic_load(&mayexec_restriction_counter)',
      '*(unsigned *)(uintptr_t)&mayexec_restriction_counter',
    ),
  ],
];

describe('the checker under ThreadSanitizer', () => {
  const objects = new Map<Source, string>();
  let main: string;
  beforeAll(async () => {
    main = await compile(harness, box.path('main.o'));
    for (const name of sources)
      objects.set(name, await compile(`${native}${name}.c`, box.path(`${name}.o`)));
  });

  needs('execveCheck', 'openat2')(
    `has no race in ${SECONDS} s of questions from many threads, while lanes fail`,
    async () => {
      const program = await link([main, ...objects.values()], box.path('whole'));
      const { status, stdout, stderr } = await start(program, SECONDS);
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      console.log(stdout);
      const counts = JSON.parse(stdout) as Record<string, number>;
      expect(Object.entries(counts).filter(([, count]) => count === 0)).toEqual([]);
    },
    (SECONDS + 120) * 1000,
  );

  for (const [i, [title, source, mutate]] of mutants.entries()) {
    needs('execveCheck', 'openat2')(
      `reports it when ${title}`,
      async () => {
        const text = readFileSync(`${native}${source}.c`, 'utf8');
        const mutated = mutate(text);
        expect(mutated, 'the code to break is there').not.toBe(text);
        const file = box.file(`${i}/${source}.c`, 0o644, mutated);
        const object = await compile(file, box.path(`${i}.o`));
        const all = new Map(objects).set(source, object);
        const program = await link([main, ...all.values()], box.path(`mutant-${i}`));
        const { status, stderr } = await start(program, MUTANT_SECONDS);
        expect(stderr).toContain('SUMMARY: ThreadSanitizer');
        expect(status).not.toBe(0);
      },
      (MUTANT_SECONDS + 120) * 1000,
    );
  }
});
