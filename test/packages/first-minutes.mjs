import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

import { newerNode } from './newer-node.mjs';

/** Copies a program to /bin of the root, with the libraries that it names. */
function install(root, program, name = basename(program)) {
  copyFileSync(program, join(root, 'bin', name));
  for (const [library] of execFileSync('ldd', [program], { encoding: 'utf8' }).matchAll(/\/\S+/g)) {
    mkdirSync(join(root, dirname(library)), { recursive: true });
    copyFileSync(library, join(root, library));
  }
}

/** A root with Node, npm and a shell, and nothing that could build anything. */
function makeRoot(root, tools, registry) {
  for (const folder of ['bin', 'usr/bin', 'app', 'tmp', 'proc', 'dev', 'npm']) {
    mkdirSync(join(root, folder), { recursive: true });
  }
  install(root, '/bin/sh');
  install(root, '/bin/chmod');
  install(root, newerNode, 'node');
  install(root, '/usr/bin/env');
  copyFileSync('/usr/bin/env', join(root, 'usr/bin/env'));
  cpSync(join(tools, 'npm-11'), join(root, 'npm'), { recursive: true, dereference: true });
  for (const [name, cli] of [
    ['npm', 'npm-cli.js'],
    ['npx', 'npx-cli.js'],
  ]) {
    writeFileSync(join(root, 'bin', name), `#!/bin/sh\nexec node /npm/bin/${cli} "$@"\n`);
    chmodSync(join(root, 'bin', name), 0o755);
  }
  writeFileSync(join(root, '.npmrc'), `registry=${registry}\nupdate-notifier=false\n`);
  copyFileSync(join(import.meta.dirname, 'first-minutes.sh'), join(root, 'first-minutes.sh'));
}

/** Runs first-minutes.sh in such a root, and returns what it said. */
export function firstMinutes(root, tools, registry) {
  makeRoot(root, tools, registry);
  const enter = `mount -t proc proc "$0/proc" && mount --rbind /dev "$0/dev" &&
    exec chroot "$0" /bin/sh /first-minutes.sh`;
  return execFileSync('unshare', ['--mount', 'sh', '-c', enter, root], {
    encoding: 'utf8',
    env: { PATH: '/bin:/usr/bin:/sbin:/usr/sbin', HOME: '/' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}
