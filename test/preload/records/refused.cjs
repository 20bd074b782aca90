'use strict';
/* Starts a Node with an option that a restriction refuses. */
const { spawnSync } = require('node:child_process');

try {
  spawnSync(process.execPath, ['--expose-internals', 'child.cjs']);
} catch ({ code }) {
  process.stdout.write(code);
}
