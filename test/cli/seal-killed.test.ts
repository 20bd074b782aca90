import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, watch } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { expect, it } from 'vitest';

import { command } from '../support/built.js';
import { mayexec, modes, temporary, tree, type Files } from './run.js';

/** MAYEXEC_KILLS=200 is the whole proof; each takes about half a second. */
const KILLS = Number(process.env['MAYEXEC_KILLS'] ?? 15);

const files: Files = {};
const choices = [0o644, 0o600, 0o640, 0o444, 0o604, 0o755];
for (let i = 0; i < 1500; i++) {
  files[`d${i % 40}/f${i}.js`] = ['', choices[i % choices.length] ?? 0o644];
}

it(
  `seal killed at ${KILLS} random points leaves a journal from which --undo restores every mode`,
  async () => {
    const root = tree(files);
    const folder = temporary();
    const journal = join(folder, 'journal');
    const before = modes(root);
    let midway = 0;
    for (let i = 0; i < KILLS; i++) {
      const watcher = watch(folder);
      const args = [command, 'seal', '--journal', journal, root];
      const child = spawn(process.execPath, args, { stdio: 'ignore' });
      const exited = once(child, 'exit');
      // The first event is the journal; all of the changes come after it.
      await Promise.race([once(watcher, 'change'), exited]);
      await sleep(Math.random() * 100);
      child.kill('SIGKILL');
      await exited;
      watcher.close();

      const killed = modes(root);
      const changed = Object.keys(before).filter((path) => killed[path] !== before[path]).length;
      if (changed > 0 && changed < 1250) midway++;

      if (existsSync(journal)) {
        const undone = await mayexec(['seal', '--undo', '--journal', journal, root]);
        expect(undone).toMatchObject({ status: 0, stderr: '' });
      }
      expect(modes(root)).toEqual(before);
    }
    console.log(`${midway} of ${KILLS} were killed midway`);
    expect(midway).toBeGreaterThan(0);
  },
  KILLS * 10_000,
);
