// A program that was taken over: it writes code wherever it can, and tries to run it.
// Prints a line of JSON for each attempt: its title, and what came of it.
const { execFileSync, spawnSync } = require('node:child_process');
const { chmodSync, copyFileSync, renameSync, symlinkSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { Worker } = require('node:worker_threads');

const app = __dirname;
const data = process.argv[2];
const CODE = "module.exports = 'ran';\n";

function drop(folder, name, content = CODE, mode = 0o755) {
  const file = join(folder, name);
  writeFileSync(file, content);
  chmodSync(file, mode);
  return file;
}

const attempts = {
  'data is written and read': () => {
    drop(data, 'order.json', '{"paid":true}');
    return require('node:fs').readFileSync(join(data, 'order.json'), 'utf8') ? 'ran' : '';
  },
  'the application loads its own code': () => require('./part.cjs'),
  'code is written over the application’s': () => {
    writeFileSync(join(app, 'part.cjs'), CODE);
    return 'ran';
  },
  'new code is put beside the application’s': () => require(drop(app, 'dropped.cjs')),
  'code in the data folder, with x': () => require(drop(data, 'dropped.cjs')),
  'code in the data folder, without x': () => require(drop(data, 'plain.cjs', CODE, 0o644)),
  'a link in the data folder to code there': () => {
    symlinkSync(drop(data, 'target.cjs'), join(data, 'link.cjs'));
    return require(join(data, 'link.cjs'));
  },
  'the application’s own code, copied to the data folder': () => {
    copyFileSync(join(app, 'part.cjs'), join(data, 'copy.cjs'));
    return require(join(data, 'copy.cjs'));
  },
  'code in the data folder, moved into the application': () => {
    renameSync(drop(data, 'moved.cjs'), join(app, 'moved.cjs'));
    return require(join(app, 'moved.cjs'));
  },
  'an ES module in the data folder': () =>
    import(drop(data, 'dropped.mjs', 'export {};\n')).then(() => 'ran'),
  'a Worker from the data folder': () =>
    new Promise((resolve, reject) => {
      new Worker(drop(data, 'worker.cjs', 'process.exit(7);\n'))
        .once('error', reject)
        .once('exit', (code) => (code === 7 ? resolve('ran') : reject(new Error(`exit ${code}`))));
    }),
  'a Node that runs a script there': () =>
    execFileSync(process.execPath, [drop(data, 'child.cjs', "console.log('ran')\n")], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    }).trim(),
  'a Node that is given code': () =>
    execFileSync(process.execPath, ['--print', "'ran'"], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    }).trim(),
  'code in the data folder, after umount': () => {
    spawnSync('umount', [data], { stdio: 'ignore' });
    return require(drop(data, 'bare.cjs'));
  },
  'a program in the data folder': () =>
    execFileSync(drop(data, 'program', '#!/bin/sh\necho ran\n'), { encoding: 'utf8' }).trim(),
};

(async () => {
  for (const [title, attempt] of Object.entries(attempts)) {
    let came;
    try {
      came = await attempt();
    } catch (error) {
      came = error.code ?? `status ${error.status}`;
    }
    console.log(JSON.stringify({ title, came }));
  }
})();
