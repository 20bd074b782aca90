/*
 * Shared by the benchmarks that start Node: a folder of their own, two processes that start
 * commands, and a program that takes the time of another (timed.c). One of the processes has no
 * restriction, and the other has both locked securebits.
 */
import { execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { release, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const here = (name) => fileURLToPath(new URL(name, import.meta.url));

export const folder = realpathSync(mkdtempSync(join(tmpdir(), 'mayexec-bench-')));
export const timed = join(folder, 'timed');
execFileSync('cc', ['-O2', '-o', timed, here('timed.c')]);

const BOTH = {
  restrictFile: true,
  restrictFileLocked: true,
  denyInteractive: true,
  denyInteractiveLocked: true,
};
const host = (bits) => fork(here('programs/under.mjs'), [JSON.stringify(bits)]);
export const free = host({});
export const bound = host(BOTH);

/** Runs a command in a host process, and gives its result. */
export async function ask(host, request) {
  host.send({ times: join(folder, 'times'), ...request });
  const [answer] = await once(host, 'message');
  return answer;
}

export const median = (numbers) => [...numbers].sort((a, b) => a - b)[numbers.length >> 1];

/** The kernel and the Node that are measured. */
export function machine(node) {
  const version = execFileSync(node, ['--version'], { encoding: 'utf8' }).trim();
  return `Linux ${release()}, Node ${version}`;
}

export function end() {
  free.disconnect();
  bound.disconnect();
  rmSync(folder, { recursive: true });
}
