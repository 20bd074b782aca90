'use strict';
/* A subscriber that changes each record of a child. */
const { subscribe } = require('node:diagnostics_channel');
const { execFileSync } = require('node:child_process');

subscribe('mayexec:check', ({ child }) => {
  if (child !== undefined) child.argv[1] = 'changed';
});
process.stdout.write(execFileSync('echo', ['as it was']));
