/** A container of podman with Node and mayexec, and the application of the host in it. */
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import type { Boot } from './hosted.js';
import type { Tools } from './steps.js';

/** Copies a program and the libraries that it needs to the same places beneath a root. */
function copyProgram(file: string, root: string, to = file): void {
  const libraries = execFileSync('ldd', [file], { encoding: 'utf8' }).match(/\/\S+/g) ?? [];
  for (const [from, at] of [[file, to], ...libraries.map((one) => [one, one])]) {
    const place = join(root, at ?? '');
    mkdirSync(dirname(place), { recursive: true });
    cpSync(from ?? '', place, { dereference: true });
  }
}

/** No network, no capability, a read-only root; what a machine may lack is turned off. */
const OPTIONS = [
  ...['--rm', '--pull=never', '--read-only', '--tmpfs', '/tmp:noexec', '--cap-drop', 'ALL'],
  ...['--security-opt', 'no-new-privileges', '--ulimit', 'nofile=1024:1024'],
  ...['--ulimit', 'nproc=1000:1000', '--cgroups=disabled', '--network=none', '--user', '4243'],
];

/** podman needs a pure cgroup v2, in a mount namespace of its own. */
const RUN = `umount --recursive /sys/fs/cgroup
mount -t cgroup2 cgroup2 /sys/fs/cgroup
exec podman "$@" 2>&1`;

export function byPodman({ checkout, node }: Tools): { boot: Boot; end: () => void } {
  const work = mkdtempSync(join(tmpdir(), 'mayexec-podman-'));
  const storage = ['--root', join(work, 'storage'), '--runroot', join(work, 'run')];
  const options = [...storage, '--storage-driver', 'overlay', '--cgroup-manager', 'cgroupfs'];
  const root = join(work, 'root');
  copyProgram(node, root, '/usr/bin/node');
  for (const part of ['dist', 'build/Release', 'package.json']) {
    const to = join(root, 'usr/lib/node_modules/mayexec', part);
    cpSync(join(checkout, part), to, { recursive: true });
  }
  mkdirSync(join(root, 'srv/app'), { recursive: true });
  const importing = 'root=$1; shift; tar -C "$root" -c . | podman "$@" import --quiet - app';
  execFileSync('sh', ['-c', importing, 'sh', root, ...options], { stdio: 'pipe' });
  return {
    boot: (app, given = '--lock') => {
      const words = [
        '/usr/lib/node_modules/mayexec/build/Release/mayexec-run',
        ...given.split(' '),
      ];
      const start = [...words, '--', '/usr/bin/node', '/srv/app/server.js'];
      const run = ['run', ...OPTIONS, '--volume', `${app}:/srv/app:ro`, 'app', ...start];
      const inside = ['--mount', '--propagation', 'private', 'sh', '-euc', RUN, 'sh'];
      return spawnSync('unshare', [...inside, ...options, ...run], {
        encoding: 'utf8',
        maxBuffer: 1 << 28,
      }).stdout;
    },
    end: () => {
      spawnSync('podman', [...options, 'system', 'reset', '--force']);
      rmSync(work, { recursive: true, force: true });
    },
  };
}
