// A subscriber swaps the file of a child, when it is told of it, for one without the preload.
const { spawn, spawnSync } = require('child_process');
const { writeFileSync, renameSync, mkdtempSync } = require('fs');
const { subscribe } = require('diagnostics_channel');
const folder = mkdtempSync(`${__dirname}/swapped-`);
const file = `${folder}/tool`;
const other = `${folder}/other`;
const mode = { mode: 0o755 };
writeFileSync(file, '#!/bin/true\n', mode);
writeFileSync(other, `#!/usr/bin/env -S -i ${process.execPath} ${__dirname}/dropped.cjs\n`, mode);
const swap = () => {
  try {
    renameSync(other, file);
  } catch {}
};
if (process.env.NODE_OPTIONS) subscribe('mayexec:check', swap);
else swap();
const stdio = 'inherit';
const ways = {
  spawn: () => spawn(file, { stdio }),
  spawnSync: () => spawnSync(file, { stdio }),
  execve: () => process.execve(file, ['tool'], {}),
};
ways[process.argv[2]]();
