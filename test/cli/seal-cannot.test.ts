/** What `seal` says where it cannot do its work, or the work cannot help. */
import { spawnSync } from 'node:child_process';

import { expect, test } from 'vitest';

import { command } from '../support/built.js';
import { temporary, type Result } from './run.js';

/** In a mount namespace of its own: `$1` is an empty directory, and `$0` Node and the command. */
function inNamespace(script: string): Result {
  const { status, stdout, stderr } = spawnSync(
    'unshare',
    [
      ...['--mount', '--propagation', 'private', 'sh', '-ec'],
      ...[`mayexec() { "${process.execPath}" "${command}" "$@"; }; ${script}`, 'sh', temporary()],
    ],
    { encoding: 'utf8' },
  );
  return { status, stdout, stderr };
}

test('with a full disk it says how much is sealed, and the commands to undo and to go on work', () => {
  const { status, stdout, stderr } = inNamespace(`
    mkdir "$1/app" "$1/small"
    for i in $(seq 400); do echo "$i" > "$1/app/$i.js"; done
    mount -t tmpfs -o size=40k none "$1/small"
    mayexec seal --journal "$1/small/journal" "$1/app" || echo "status $?"
    find "$1/app" -type f -perm /111 | wc -l
    mayexec seal --undo --journal "$1/small/journal" "$1/app" >/dev/null
    find "$1/app" -type f -perm /111 | wc -l`);
  expect(stderr).toMatch(
    /^mayexec: (\d+) files sealed before it failed\. To undo that: mayexec seal --undo --journal /,
  );
  expect(stderr).toContain('ENOSPC');
  const sealed = /^mayexec: (\d+) files/.exec(stderr)?.[1];
  expect(Number(sealed)).toBeGreaterThan(0);
  expect(stdout).toBe(`status 2\n${sealed ?? ''}\n0\n`);
  expect(status).toBe(0);
});

test('on a noexec mount it says that no x bit helps', () => {
  const { stderr, status } = inNamespace(`
    mount -t tmpfs -o noexec none "$1"
    echo > "$1/a.js"
    mayexec seal --no-journal "$1"`);
  expect(stderr).toMatch(
    /is on a mount where nothing can be executed \(noexec\), which no x bit changes/,
  );
  expect(status).toBe(0);
});
