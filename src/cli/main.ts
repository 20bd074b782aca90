#!/usr/bin/env node
import './run-first.js';

// Everything is written by then, and an orderly end of Node takes longer than that.
void import('./program.js')
  .then(({ main }) => main(process.argv.slice(2)))
  .then((status) => process.exit(status));
