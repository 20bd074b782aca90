/** What each command says where the disk is full, and that it leaves nothing half written. */
import { spawnSync } from 'node:child_process';

import { expect, it } from 'vitest';

import { nodeBinary } from '../preload/versions.js';
import { command } from '../support/built.js';
import { temporary, tree, type Result } from './run.js';

const MANY = 400;
const application = tree({
  'package.json': '{"name":"x","version":"1.0.0"}',
  'large.js': Array.from(
    { length: MANY },
    (_, i) => `exports.f${i} = (a, b) => { for (const c of a) b.push(c + ${i}); return b; };`,
  ).join('\n'),
  ...Object.fromEntries(Array.from({ length: MANY }, (_, i) => [`${'l'.repeat(100)}${i}.js`, ''])),
});

/** Runs a shell's line with $d on a file system of one page. What it leaves there is printed. */
function onSmallDisk(line: string): Result {
  const d = temporary();
  const script = `
    mayexec() { "$NODE" "$MAIN" "$@"; }
    mount -t tmpfs -o size=\${SIZE:-4k} none "$d"
    ${line}
    status=$?
    find "$d" -type f
    exit $status`;
  const { status, stdout, stderr } = spawnSync(
    'unshare',
    ['--mount', '--propagation', 'private', 'sh', '-c', script],
    {
      cwd: application,
      encoding: 'utf8',
      env: { ...process.env, NODE: process.execPath, MAIN: command, N: nodeBinary(24), d },
    },
  );
  const plain = (text: string): string => text.replaceAll(d, '$d');
  return { status, stdout: plain(stdout), stderr: plain(stderr) };
}

const full = (call: string, file: string): string =>
  `mayexec: ENOSPC: no space left on device, ${call} '$d/${file}'\n`;

it.each<[line: string, told: string]>([
  ['mayexec seal . --journal $d/j', `mayexec: no file was sealed\n${full('write', 'j')}`],
  ['mayexec manifest . --out $d/m.json', full('write', 'm.json')],
  ['mayexec image . --out $d/i.image', full('write', 'i.image')],
  ['mayexec image . --no-bytecode --out $d/i.image', full('write', 'i.image')],
  ['mayexec build-node --node "$N" --out $d/node', full('copyfile', 'node')],
  [
    `echo '{"allowed":true,"denied":false}' | mayexec report --from-audit - --html $d/r.html`,
    full('write', 'r.html'),
  ],
])('%s names the file, with status 2', (line, told) => {
  expect(onSmallDisk(line)).toEqual({ status: 2, stdout: '', stderr: told });
});

it('image says which bytecode is missing, and the program ends as ever', () => {
  const line = `TMPDIR=$d SIZE=20k; export TMPDIR; mount -o remount,size=20k "$d"
    mayexec image . --out "$d/none/i" -- "$N" -e "require('./large.js'); process.exitCode = 0" 2>&1`;
  const { stdout } = onSmallDisk(line);
  expect(stdout).toMatch(/^mayexec: bytecode is missing: ENOSPC: no space left on device, write '/);
  expect(stdout).not.toContain('the program ended with status');
});

it.each<[line: string, told: RegExp]>([
  ['mayexec image . --out $d/null', /^mayexec: EFTYPE: wrong file type, rename '\$d\/null'\n$/],
  ['mayexec build-node --node "$N" --out $d/null', /EFTYPE: wrong file type, rename '\$d\/null'/],
  ['mayexec image . --out $d', /^mayexec: EISDIR: illegal operation on a directory, rename '/],
  ['mayexec build-node --node "$N" --out $d', /EISDIR: illegal operation on a directory, rename '/],
])('%s replaces no device and no directory', (line, told) => {
  const outcome = onSmallDisk(
    `mknod "$d/null" c 1 3; ${line}; s=$?; test -c "$d/null" && (exit $s)`,
  );
  expect(outcome.stderr).toMatch(told);
  expect(outcome).toMatchObject({ status: 2, stdout: '' });
});
