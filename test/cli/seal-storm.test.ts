import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  closeSync,
  existsSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { expect, it } from 'vitest';

import { journalOf } from '../../src/cli/seal/journal-place.js';
import { scanTree } from '../../src/cli/scan/tree.js';
import { openRoot } from '../../src/cli/tree/open.js';
import { mayexec, modes, tree, type Files } from './run.js';

/** MAYEXEC_STORM_SECONDS=60 is the whole proof. */
const SECONDS = Number(process.env['MAYEXEC_STORM_SECONDS'] ?? 4);

const files: Files = {};
for (let d = 0; d < 8; d++) {
  for (let f = 0; f < 40; f++) files[`d${d}/sub/f${f}.js`] = 'code';
}
const attacker = fileURLToPath(new URL('./storm.mjs', import.meta.url));

/** Works on a tree that another process rearranges meanwhile, and says whether files outside changed. */
async function inStorm(work: (root: string) => Promise<void> | void): Promise<number> {
  const base = tree({ 'root/.keep': '', 'outside/.keep': '' });
  const root = tree(files, join(base, 'root'));
  const outside = tree(files, join(base, 'outside'));
  const before = modes(outside);
  const storm = spawn(process.execPath, [attacker, root, outside], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(storm.stdout, 'data');
  const end = Date.now() + SECONDS * 1000;
  try {
    while (Date.now() < end) await work(root);
  } finally {
    storm.kill('SIGKILL');
    await once(storm, 'exit');
  }
  const after = modes(outside);
  return Object.keys(before).filter((path) => after[path] !== before[path]).length;
}

it(
  'a storm of renames and links leads a chmod by path out of the tree',
  async () => {
    const touched = await inStorm((root) => {
      for (const path of Object.keys(files)) {
        try {
          const at = join(root, path);
          if (statSync(at).isFile()) chmodSync(at, 0o755);
        } catch {
          // It is gone just now.
        }
      }
    });
    expect(touched).toBeGreaterThan(0);
  },
  SECONDS * 1000 + 60_000,
);

it(
  'seal, its undo and scan touch nothing outside in the same storm',
  async () => {
    let sealed = 0;
    const touched = await inStorm(async (root) => {
      const fd = openRoot(root);
      try {
        await scanTree(fd, root, false);
      } finally {
        closeSync(fd);
      }
      const { stdout } = await mayexec(['seal', '--json', root]);
      sealed += (JSON.parse(stdout) as { sealed: number }).sealed;
      const journal = journalOf(realpathSync(root));
      if (existsSync(journal)) await mayexec(['seal', '--undo', root]);
      // Undo keeps a journal that it could not follow to its end.
      rmSync(journal, { force: true });
    });
    expect(sealed).toBeGreaterThan(0);
    expect(touched).toBe(0);
  },
  SECONDS * 1000 + 60_000,
);

it(
  'no fd is left open by a scan in a storm',
  async () => {
    const count = (): number => readdirSync('/proc/self/fd').length;
    let before = 0;
    let after = 0;
    await inStorm(async (root) => {
      if (before === 0) before = count();
      const fd = openRoot(root);
      await scanTree(fd, root, false);
      closeSync(fd);
      after = count();
    });
    expect(after).toBe(before);
  },
  SECONDS * 1000 + 60_000,
);
