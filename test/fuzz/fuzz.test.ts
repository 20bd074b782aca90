import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';

import { needs } from '../support/kernel.js';

/** One minute in CI (MAYEXEC_FUZZ_SECONDS), some seconds otherwise; hours by hand. */
const seconds = process.env['MAYEXEC_FUZZ_SECONDS'] ?? '5';
const program = fileURLToPath(new URL('boundary.mjs', import.meta.url));

needs('openat2', 'execveCheck')(
  'random arguments end in a result or a documented error, and leave no fd',
  () => {
    const { status, signal, stdout, stderr } = spawnSync(
      process.execPath,
      ['--no-warnings', '--expose-gc', program, '--seconds', seconds],
      { encoding: 'utf8', maxBuffer: 1 << 26 },
    );
    console.log(stdout);
    expect({ status, signal, stderr }).toEqual({ status: 0, signal: null, stderr: '' });
  },
  (Number(seconds) + 60) * 1000,
);
