/** A fifo in an application: no command waits for a writer, and each says what it could not read. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { spawned, temporary, tree, type Result } from './run.js';

/** An application in which a name is a fifo. */
function withFifo(name: string): string {
  const root = tree({ 'a.js': 'exports.a = 1;', 'lib/b.js': '' });
  execFileSync('mkfifo', [join(root, name)]);
  return root;
}

/** A command that waits is killed, and has no status. */
const run = (args: string[], cwd: string): Result => spawned(args, { cwd, timeout: 60_000 });

describe.each(['package.json', 'package-lock.json'])('a fifo named %s', (name) => {
  const lockfile = name === 'package-lock.json';
  const wrong = /EFTYPE: wrong file type, read '\S+'\n/;
  it.each<[command: string, args: string[], status: number, told: RegExp]>([
    ['scan', ['.'], 1, /^$/],
    ['seal', ['.'], 0, /^$/],
    ['seal', ['.', '--lockfile'], 2, lockfile ? wrong : /ENOENT/],
    ['manifest', ['.', '--out', join(temporary(), 'm.json')], 0, /^$/],
    ['image', ['.', '--out', join(temporary(), 'a.image')], 2, wrong],
  ])('%s %j ends', (command, args, status, told) => {
    const outcome = run([command, ...args], withFifo(name));
    expect(outcome.stderr).toMatch(told);
    expect(outcome.status).toBe(status);
  });

  it('makes an image that was made before unusable', () => {
    const root = tree({ 'a.js': '', [name]: '{}' });
    const image = join(temporary(), 'app.image');
    expect(run(['image', root, '--out', image], root).status).toBe(0);
    execFileSync('sh', ['-c', 'rm "$0" && mkfifo "$0"', join(root, name)]);
    const outcome = run(['image', 'check', root, '--image', image], root);
    expect(outcome.stderr).toMatch(wrong);
    expect(outcome.status).toBe(2);
  });
});
