// Shows write xor execute twice: without a policy, and with one. Leaves nothing behind.
//
// The application's folder is mounted read-only, so its code cannot be written. The data folder is
// mounted noexec, so its files cannot run, whatever their mode is. `mayexec run --lock` makes Node
// obey. setpriv takes every capability away, so the program cannot unmount anything. The mounts are
// in a namespace of their own. So this needs no root where users may make namespaces.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const cli = fileURLToPath(new URL('./cli.cjs', import.meta.resolve('mayexec')));
const home = mkdtempSync(join(tmpdir(), 'write-xor-execute-'));

/** A fresh copy of the application, sealed, with a data folder beside it. */
function install(name) {
  const [app, data] = ['app', 'data'].map((folder) => join(home, name, folder));
  cpSync(fileURLToPath(new URL('app', import.meta.url)), app, { recursive: true });
  mkdirSync(data);
  const sealed = spawnSync(process.execPath, [cli, 'seal', '--no-journal', app], {
    encoding: 'utf8',
  });
  if (sealed.status !== 0) throw new Error(sealed.stderr);
  return { app, data };
}

/** What came of each attempt of the program. */
function attempts([command, ...args]) {
  const { stdout, stderr, status, error } = spawnSync(command, args, { encoding: 'utf8' });
  if (error !== undefined || status !== 0) throw error ?? new Error(stderr);
  return new Map(
    stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
      .map(({ title, came }) => [title, came]),
  );
}

const MOUNTS = `
mount --bind "$1" "$1" && mount -o remount,bind,ro "$1"
mount --bind "$2" "$2" && mount -o remount,bind,noexec "$2"
shift 2
exec setpriv --bounding-set=-all --inh-caps=-all --no-new-privs "$@"`;

function withoutPolicy() {
  const { app, data } = install('without');
  return attempts([process.execPath, join(app, 'attempts.cjs'), data]);
}

function withPolicy() {
  const { app, data } = install('with');
  const user = process.getuid() === 0 ? [] : ['--user', '--map-root-user'];
  return attempts([
    ...['unshare', ...user, '--mount', 'sh', '-ec', MOUNTS, 'sh', app, data],
    ...[process.execPath, cli, 'run', '--lock', '--'],
    ...[process.execPath, join(app, 'attempts.cjs'), data],
  ]);
}

const MEANING = `
EROFS       the folder is mounted read-only
EACCES      a file there may not be executed, so Node does not run it either
EXDEV       the folders are on two mounts, so nothing is moved between them
status 126  mayexec does not let such a Node start`;

try {
  const [without, under] = [withoutPolicy(), withPolicy()];
  const width = Math.max(...[...without.keys()].map(({ length }) => length));
  console.log(`${''.padEnd(width)}  without  with the policy`);
  for (const [title, came] of without) {
    console.log(`${title.padEnd(width)}  ${came.padEnd(7)}  ${under.get(title)}`);
  }
  console.log(MEANING);
} catch (error) {
  console.error(error.message.trim());
  console.error('This needs Linux 6.14, Node 22.15 or newer, and root or user namespaces.');
  process.exitCode = 1;
} finally {
  rmSync(home, { recursive: true, force: true });
}
