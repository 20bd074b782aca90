#!/usr/bin/env node
import './run-first.js';

// Exit at once: all output is written, and a normal end of Node takes longer.
void import('./program.js')
  .then(({ main }) => main(process.argv.slice(2)))
  .then((status) => process.exit(status));
