import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { command } from '../support/built.js';
import { nodeBinary, type Major } from '../preload/versions.js';

/** What `mayexec build-node` builds from. */
export const BUILT = [24, 26] as const satisfies readonly Major[];
export type Built = (typeof BUILT)[number];

const run = promisify(execFile);

/** Executables of 100 MB and more, so each is built once a test file. */
export class Executables {
  readonly folder = mkdtempSync(join(tmpdir(), 'mayexec-build-node-'));

  path(major: Built, name = 'node'): string {
    return join(this.folder, `${name}-${major}`);
  }

  async build(major: Built, options: readonly string[], name?: string): Promise<string> {
    const args = ['--out', this.path(major, name), '--node', nodeBinary(major), ...options];
    const { stdout } = await run(process.execPath, [command, 'build-node', ...args]);
    return stdout;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}
