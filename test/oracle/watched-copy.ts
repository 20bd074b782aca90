import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { ScriptRecord } from './records.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const BUILT = ['build/Release/mayexec.node', 'build/Release/mayexec-run'];
const eye = fileURLToPath(new URL('eye.cjs', import.meta.url));

/**
 * A copy of the built package, as npm would install it, with the eye before the
 * preload's text. Nothing else of it differs. `folder` holds also what was seen.
 */
export class WatchedCopy {
  readonly folder = mkdtempSync(join(tmpdir(), 'mayexec-oracle-'));
  readonly preload = join(this.folder, 'dist/register.cjs');
  readonly #records = join(this.folder, 'records');
  readonly #environments = new Map<string, Record<string, string>>();

  /** Without the eye it is a plain copy. */
  constructor(watched = true) {
    // Programs may give their rights away, and must still be seen.
    chmodSync(this.folder, 0o755);
    mkdirSync(this.#records);
    chmodSync(this.#records, 0o1777);
    for (const part of ['package.json', 'dist', ...BUILT]) {
      cpSync(join(root, part), join(this.folder, part), { recursive: true });
    }
    if (watched) this.#watch();
    execFileSync('chmod', ['-R', 'a+rX', this.folder]);
    execFileSync('chmod', ['a+x', this.preload, join(this.folder, 'build/Release/mayexec.node')]);
  }

  #watch(): void {
    const text = readFileSync(eye, 'utf8').replaceAll('RECORDS', this.#records);
    writeFileSync(this.preload, `"use strict";\n${text}\n${readFileSync(this.preload, 'utf8')}`);
  }

  /** What the launcher puts into the environment of a command that it starts. */
  environment(options: readonly string[]): Record<string, string> {
    const key = options.join(' ');
    const known = this.#environments.get(key);
    if (known !== undefined) return known;
    const command = [join(this.folder, 'dist/cli.cjs'), 'run', ...options, '--', 'env', '-0'];
    const env = { PATH: process.env['PATH'] };
    const made = execFileSync(process.execPath, command, { env, encoding: 'utf8' });
    const added = Object.fromEntries(
      made
        .split('\0')
        .filter((pair) => pair !== '' && !pair.startsWith('PATH='))
        .map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
    );
    this.#environments.set(key, added);
    return added;
  }

  /** What was seen since the last time. */
  take(): ScriptRecord[] {
    const all: ScriptRecord[] = [];
    for (const name of readdirSync(this.#records)) {
      const path = join(this.#records, name);
      const lines = readFileSync(path, 'utf8').split('\n');
      rmSync(path);
      // One that was killed in the middle of a line had not begun to run that script.
      lines.pop();
      for (const line of lines) all.push({ ...(JSON.parse(line) as ScriptRecord), isolate: name });
    }
    return all;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
