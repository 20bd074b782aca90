/*
 * How many saves of another process fail because of a check. One process calls writeFileSync while
 * another checks the same file in a loop. While the kernel checks a file, no process can open it
 * for writing.
 *
 * usage: node bench/saves.mjs [--saves N] [--pause MS]
 *
 * `--pause` is the time between two checks: 0 is the worst case.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { release, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { checkExecSync } from '../dist/index.js';

const { values } = parseArgs({
  options: {
    saves: { type: 'string', default: '3000' },
    pause: { type: 'string', default: '0' },
    // The other process's: what it checks.
    check: { type: 'string' },
  },
});
const pause = Number(values.pause);

/** Checks the path until it is ended. One that meets a save is an error, and that is fine. */
function checkForEver(path) {
  const again = pause > 0 ? (next) => setTimeout(next, pause) : setImmediate;
  let checks = 0;
  process.on('message', () => process.send({ checks }));
  process.on('disconnect', () => process.exit());
  const next = () => {
    try {
      // Of the path as it is now: a save by rename gives another file.
      const fd = openSync(path, 'r');
      try {
        checkExecSync(fd);
        checks++;
      } finally {
        closeSync(fd);
      }
    } catch (error) {
      if (error.code !== 'ETXTBSY') throw error;
    }
    again(next);
  };
  next();
  process.send('ready');
}

const clock = new Int32Array(new SharedArrayBuffer(4));

/** The saves that failed. Between two of them a check can end, so that each counts by itself. */
function failures(saves, save) {
  let failed = 0;
  for (let i = 0; i < saves; i++) {
    Atomics.wait(clock, 0, 0, 1);
    try {
      save();
    } catch (error) {
      if (error.code !== 'ETXTBSY') throw error;
      failed++;
    }
  }
  return failed;
}

async function measure(saves) {
  const folder = mkdtempSync(join(tmpdir(), 'mayexec-saves-'));
  const path = join(folder, 'a.js');
  writeFileSync(path, 'text', { mode: 0o755 });
  const ways = {
    'in place': () => writeFileSync(path, 'text'),
    'by rename': () => {
      writeFileSync(`${path}.new`, 'text', { mode: 0o755 });
      renameSync(`${path}.new`, path);
    },
  };
  const words = ['--check', path, '--pause', values.pause];
  const checker = fork(fileURLToPath(import.meta.url), words);
  try {
    await once(checker, 'message');
    console.log(`Linux ${release()}, Node ${process.versions.node}, pause ${pause} ms`);
    for (const [name, save] of Object.entries(ways)) {
      checker.send('count');
      const [{ checks: before }] = await once(checker, 'message');
      const failed = failures(saves, save);
      checker.send('count');
      const [{ checks }] = await once(checker, 'message');
      console.log(`${name}: ${failed} of ${saves} saves ETXTBSY, beside ${checks - before} checks`);
    }
  } finally {
    const ended = once(checker, 'exit');
    checker.disconnect();
    await ended;
    rmSync(folder, { recursive: true });
  }
}

if (values.check === undefined) await measure(Number(values.saves));
else checkForEver(values.check);
