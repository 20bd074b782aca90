// What Node runs under both securebits, without the preload: everything. usage: node node.mjs
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setSecurebits } from 'mayexec';

const folder = mkdtempSync(join(tmpdir(), 'upstream-'));
const file = join(folder, 'no-x.cjs');
const code = 'console.log("ran")';
writeFileSync(file, code, { mode: 0o644 });

// The children of this thread inherit them.
setSecurebits({ restrictFile: true, denyInteractive: true });

const run = (title, args, input) => {
  const { stdout } = spawnSync(process.execPath, args, { input, encoding: 'utf8' });
  console.log(`${title}: ${stdout.trim() || 'refused'}`);
};
run('a file without x', [file]);
run('the text of -e', ['-e', code]);
run('standard input', ['-'], code);
rmSync(folder, { recursive: true });
