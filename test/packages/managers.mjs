import { chmodSync } from 'node:fs';

import { newerNode } from './newer-node.mjs';

/** Each package manager: the commands that install the package, and the one that runs use.mjs. */
export const MANAGERS = (tools, tarball) => {
  const node = process.execPath;
  const npm = (major) => [node, `${tools}/npm-${major}/bin/npm-cli.js`];
  // Of the Node that the checkout brings, since Node 20 is too old for it.
  const npm12 = [newerNode, `${tools}/npm-12/bin/npm-cli.js`];
  const pnpm12 = `${tools}/@pnpm/exe.linux-x64/pnpm`;
  const pnpm = [node, `${tools}/pnpm-10/bin/pnpm.cjs`];
  const yarn = [node, `${tools}/@yarnpkg/cli-dist/bin/yarn.js`];
  const bun = `${tools}/@oven/bun-linux-x64/bin/bun`;
  const deno = `${tools}/@deno/linux-x64-glibc/deno`;
  const withDeno = [deno, 'install', '--minimum-dependency-age=0', 'npm:mayexec'];
  // Its package leaves that to an install script.
  chmodSync(deno, 0o755);
  chmodSync(pnpm12, 0o755);
  return [
    { name: 'npm 10', install: [[...npm(10), 'install', 'mayexec']], use: [node] },
    { name: 'npm 11', install: [[...npm(11), 'install', 'mayexec']], use: [node] },
    {
      name: 'npm 12',
      install: [[...npm12, 'install', 'mayexec']],
      use: [newerNode],
      allOfApi: [newerNode],
    },
    // npm warns of scripts only where they may run.
    ...[
      ['npm 11, from a file', npm(11), node],
      ['npm 12, from a file', npm12, newerNode],
    ].map(([name, command, use]) => ({
      name,
      install: [[...command, 'install', '--ignore-scripts=false', tarball]],
      use: [use],
    })),
    { name: 'pnpm 12', install: [[pnpm12, 'add', 'mayexec']], use: [node] },
    { name: 'pnpm 10', install: [[...pnpm, 'add', 'mayexec']], use: [node] },
    {
      name: 'pnpm 10, hoisted',
      install: [[...pnpm, 'add', '--config.node-linker=hoisted', 'mayexec']],
      use: [node],
    },
    {
      name: 'Yarn 1',
      install: [[node, `${tools}/yarn-1/bin/yarn.js`, 'add', 'mayexec']],
      use: [node],
    },
    {
      name: 'Yarn 4, node_modules',
      install: [
        [...yarn, 'config', 'set', 'nodeLinker', 'node-modules'],
        [...yarn, 'add', 'mayexec'],
      ],
      use: [node],
    },
    {
      name: 'Yarn 4, hard links to one store',
      install: [
        [...yarn, 'config', 'set', 'nodeLinker', 'node-modules'],
        [...yarn, 'config', 'set', 'nmMode', 'hardlinks-global'],
        [...yarn, 'add', 'mayexec'],
      ],
      use: [node],
    },
    {
      name: 'Yarn 4, as pnpm links',
      install: [
        [...yarn, 'config', 'set', 'nodeLinker', 'pnpm'],
        [...yarn, 'add', 'mayexec'],
      ],
      use: [node],
    },
    { name: 'Yarn 4, PnP', install: [[...yarn, 'add', 'mayexec']], use: [...yarn, 'node'] },
    {
      name: 'Bun',
      install: [[bun, 'add', '--ignore-scripts', 'mayexec']],
      use: [bun],
      allOfApi: [bun],
    },
    {
      name: 'Bun, isolated',
      install: [[bun, 'add', '--ignore-scripts', '--linker=isolated', 'mayexec']],
      use: [bun],
    },
    { name: 'Bun, then Node', install: [[bun, 'add', '--ignore-scripts', 'mayexec']], use: [node] },
    { name: 'Deno, then Node', install: [withDeno], use: [node] },
    // No other permission: probe() must do without --allow-sys.
    {
      name: 'Deno',
      install: [withDeno],
      use: [deno, 'run', '--no-prompt', '--allow-ffi'],
      allOfApi: [deno, 'run', '--allow-all'],
    },
    {
      name: 'Deno without --allow-ffi',
      install: [withDeno],
      use: [deno, 'run', '--no-prompt'],
      says: /^addon unavailable(, UnsupportedError: .*: add --allow-ffi){2}$/,
    },
  ];
};
