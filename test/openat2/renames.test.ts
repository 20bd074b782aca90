import { availableParallelism } from 'node:os';
import { describe, expect, test } from 'vitest';

import { has, openat2Reason } from '../support/kernel.js';
import { runChild } from '../support/sandbox.js';
import { box, calls } from './fixture.js';

describe('EAGAIN under a storm of renames', () => {
  interface Storm {
    opened: number;
    renames: number;
    errors: { name: string; code: string; reason?: string }[];
    unretried: number;
  }
  /** It ends as soon as enough was seen, which a busy machine can put off. */
  const STORM_MS = 40_000;
  // On one processor a rename seldom falls into the middle of an open.
  const unretried = has('resolveCached') && availableParallelism() > 1;
  for (const form of Object.keys(calls)) {
    for (const rule of ['beneath', 'inRoot'] as const) {
      test(
        `is retried until ${rule} opens (${form})`,
        () => {
          const found = runChild<Storm>(
            `
          const { Worker } = await import('node:worker_threads');
          const shared = new Int32Array(new SharedArrayBuffer(8));
          const worker = new Worker(
            \`
            const { renameSync } = require('node:fs');
            const { workerData: { shared, from, to } } = require('node:worker_threads');
            while (Atomics.load(shared, 0) === 0) {
              renameSync(from, to);
              renameSync(to, from);
              Atomics.add(shared, 1, 1);
            }\`,
            { eval: true, execArgv: [], workerData: { shared, from: input.renamed, to: input.renamed + '-2' } },
          );
          while (Atomics.load(shared, 1) === 0) await new Promise((done) => setTimeout(done, 1));

          const dir = fs.openSync(input.dir, 'r');
          const path = 'sub/../'.repeat(8) + 'file';
          const found = { opened: 0, errors: [], unretried: 0 };
          const end = Date.now() + ${STORM_MS};
          const once = async (form, resolve) => {
            const fd = await attempt(() => mayexec[form](path, { dir, resolve }));
            if (typeof fd === 'number') fs.closeSync(fd);
            return fd;
          };
          const enough = () => found.opened >= 2000 && (found.unretried > 0 || !input.unretried);
          while (Date.now() < end && !enough() && found.errors.length === 0) {
            const opens = [1, 2, 3, 4].map(() => once('${form}', { ${rule}: true }));
            for (const fd of await Promise.all(opens)) {
              if (typeof fd === 'number') found.opened++;
              else found.errors.push(fd);
            }
            // RESOLVE_CACHED turns the retries off: it shows what they are for.
            for (let i = 0; i < 20 && input.unretried; i++) {
              const fd = await once('openat2Sync', { ${rule}: true, cached: true });
              if (fd.code === 'EAGAIN') found.unretried++;
            }
          }
          Atomics.store(shared, 0, 1);
          await new Promise((done) => worker.once('exit', done));
          fs.closeSync(dir);
          return { ...found, renames: Atomics.load(shared, 1) };`,
            {
              input: {
                dir: box.path('tree'),
                renamed: box.file(`renamed-${form}-${rule}`),
                unretried,
              },
            },
          );
          expect(found.renames).toBeGreaterThan(0);
          if (openat2Reason !== undefined) {
            expect(found.errors[0]).toMatchObject({
              name: 'UnsupportedError',
              reason: openat2Reason,
            });
            return;
          }
          expect(found.errors).toEqual([]);
          expect(found.opened).toBeGreaterThanOrEqual(100);
          if (unretried) expect(found.unretried, 'tries without a retry').toBeGreaterThan(0);
        },
        2 * STORM_MS,
      );
    }
  }
});
