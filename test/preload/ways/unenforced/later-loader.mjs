// Restricts its thread, and starts a Node without the preload by a function that it imported before.
import { writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import { binding } from 'node:process';

const { setSecurebits } = createRequire(import.meta.url)(process.env.PACKAGE);
const pipe = { type: 'pipe', readable: false, writable: true };

export async function load(url, context, nextLoad) {
  if (url.endsWith('module.mjs')) {
    setSecurebits({ restrictFile: true, denyInteractive: true });
    // The first check notices the policy.
    process.dlopen({ exports: {} }, process.env.ADDON);
    const { status } = binding('spawn_sync').spawn({
      file: process.execPath,
      args: ['node', '-e', '0'],
      envPairs: [],
      stdio: [{ type: 'ignore' }, pipe, pipe],
    });
    writeSync(1, `status ${status}\n`);
  }
  return nextLoad(url, context);
}
