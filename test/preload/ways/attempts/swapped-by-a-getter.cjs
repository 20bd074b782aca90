// A getter in the streams of a child swaps its file for one that starts Node without the preload.
const { ChildProcess } = require('child_process');
const { writeFileSync, renameSync, mkdtempSync } = require('fs');
const [, , binding] = process.argv;
const folder = mkdtempSync(`${__dirname}/swapped-`);
const file = `${folder}/tool`;
const other = `${folder}/other`;
const mode = { mode: 0o755 };
writeFileSync(file, '#!/bin/true\n', mode);
writeFileSync(other, `#!/usr/bin/env -S -i ${process.execPath} ${__dirname}/dropped.cjs\n`, mode);
const stream = (fd, type) => ({
  fd,
  readable: false,
  writable: true,
  get type() {
    try {
      renameSync(other, file);
    } catch {}
    return type;
  },
});
const stdio = [0, 1, 2].map((fd) => stream(fd, binding === 'spawn_sync' ? 'inherit' : 'fd'));
if (binding === 'spawn_sync') {
  process.binding(binding).spawn({ file, args: ['tool'], envPairs: [], stdio });
} else {
  const { _handle: handle } = new ChildProcess();
  handle.onexit = () => process.exit();
  if (process.versions.node.split('.')[0] >= 24)
    handle.spawn(file, ['tool'], undefined, [], stdio, 0);
  else handle.spawn({ file, args: ['tool'], envPairs: [], stdio });
}
