// The Nodes of the tests are beside each other: node-22/bin/node, node-24/bin/node.
const fs = require('node:fs');
const other = process.execPath.includes('node-24') ? 'node-26/bin' : 'node-24/bin';
try {
  fs.symlinkSync(process.execPath.replace(/node-\d+\/bin/, other), 'other');
} catch {
  // Another test made it.
}
const args = ['--snapshot-blob', 'x.blob', '--build-snapshot', 'dropped.cjs'];
require('node:child_process').spawnSync('./other', args, { stdio: 'inherit' });
