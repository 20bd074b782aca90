import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';

import type { Lines } from './lines.js';

/** What `gcov --json-format` writes, as far as it is read. */
interface Report {
  readonly files: readonly {
    readonly file: string;
    readonly lines: readonly { readonly line_number: number; readonly count: number }[];
  }[];
}

/** What the compiler wrote about each object. */
export function notesIn(copy: string): string[] {
  const build = join(copy, 'build');
  return readdirSync(build, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.gcno'))
    .map((name) => join(build, name));
}

/** Adds what the addon and the launcher ran, which their objects count at exit. */
export function ofNative(copy: string, lines: Lines): void {
  for (const object of notesIn(copy)) {
    const { stdout, stderr } = spawnSync('gcov', ['--json-format', '--stdout', object], {
      cwd: copy,
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    });
    // An object without functions is a failure for gcov. It has no files.
    if (!stdout.startsWith('{')) throw new Error(`gcov says nothing of ${object}: ${stderr}`);
    const { files } = JSON.parse(stdout) as Report;
    for (const { file, lines: of } of files) {
      // The addon's are named from the checkout, the launcher's from build/.
      const path = [copy, join(copy, 'build')]
        .map((folder) => relative(copy, resolve(folder, file)))
        .find((name) => name.startsWith('native/'));
      for (const { line_number: line, count } of of) lines.add(path ?? file, line, count > 0);
    }
  }
}
