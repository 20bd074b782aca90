/** The oracle's own programs in C, compiled once a process. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

let folder: string | undefined;
const compiled = new Map<string, string>();

function compile(name: string): string {
  const known = compiled.get(name);
  if (known !== undefined) return known;
  folder ??= mkdtempSync(join(tmpdir(), 'mayexec-oracle-c-'));
  const source = fileURLToPath(new URL(`${name}.c`, import.meta.url));
  const binary = join(folder, name);
  execFileSync('cc', ['-O1', '-Wall', '-Wextra', '-Werror', '-o', binary, source]);
  compiled.set(name, binary);
  return binary;
}

/** Both bits that bind, and their locks. */
export const BOTH = 0xf00;

/** The words that start a command under securebits. */
export function restricted(bits: number, command: readonly string[]): string[] {
  return bits === 0 ? [...command] : [compile('restrict'), String(bits), ...command];
}

/** What the kernel says of each file, as an errno: 0 lets it run. */
export function askKernel(paths: readonly string[]): Map<string, number> {
  if (paths.length === 0) return new Map();
  const input = paths.map((path) => `${path}\0`).join('');
  const lines = execFileSync(compile('approves'), { input, encoding: 'utf8' }).split('\n');
  return new Map(paths.map((path, i) => [path, Number(lines[i])]));
}
