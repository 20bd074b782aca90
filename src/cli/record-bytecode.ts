import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { readRecorded, type Recorded } from '../image/recorded.js';
import { runToEnd } from './run-to-end.js';
import { printable, warn } from './terminal.js';

/**
 * Runs a program and returns the bytecode of the functions that it, its Workers and its children
 * have called. Throws the errors of spawn and node:fs.
 */
export async function recordBytecode(command: readonly string[]): Promise<Recorded> {
  const folder = mkdtempSync(join(tmpdir(), 'mayexec-image-'));
  try {
    const recorder = join(folder, 'record.cjs');
    copyFileSync(join(import.meta.dirname, 'record.cjs'), recorder);
    const given = process.env['NODE_OPTIONS'] ?? '';
    const env = { ...process.env, NODE_OPTIONS: `${given} --require ${JSON.stringify(recorder)}` };
    const [file = '', ...words] = command;
    const { status, signal } = await runToEnd(file, words, { env, stdio: 'inherit' });
    if (signal !== null) {
      warn(`the program was ended by ${signal}: a Node that is killed leaves no bytecode`);
    } else if (status !== 0) {
      warn(`the program ended with status ${String(status)}`);
    }
    const recorded = readRecorded(folder);
    if (recorded.count === 0) {
      warn(`${printable(command.join(' '))} left no bytecode of CommonJS modules`);
    }
    return recorded;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
