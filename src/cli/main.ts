#!/usr/bin/env node
import { headStart } from './head-start.js';

const args = process.argv.slice(2);
const started = headStart(args);

// A reader that has seen enough, as in `mayexec scan . | head`, is no failure of ours.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

void import('./program.js')
  .then(({ main }) => main(args, started))
  .then((status) => {
    process.exitCode = status;
  });
