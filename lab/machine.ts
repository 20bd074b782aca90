/** Runs a command on the machine's own kernel. */
import { mkdtempSync, rmSync } from 'node:fs';
import { release, tmpdir } from 'node:os';
import { join } from 'node:path';
import { run, tail } from './exec.js';
import { checkout, readOptional, type Request, type Visit } from './guest.js';

export async function stay(prefix: readonly string[], request: Request): Promise<Visit> {
  const out = mkdtempSync(join(tmpdir(), 'mayexec-lab-'));
  try {
    const report = join(out, 'report');
    const ended = await run([...prefix, ...request.command(report)], {
      cwd: checkout,
      env: { ...process.env, CI: '1', NO_COLOR: '1', ...request.env },
      timeout: request.timeout,
      live: request.live,
    });
    if (ended.timedOut) {
      throw new Error(`hung for ${request.timeout / 1000} s\n${tail(ended.output)}`);
    }
    return {
      release: release(),
      status: ended.status,
      console: ended.output,
      report: readOptional(report),
    };
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}
