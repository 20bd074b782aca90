#!/usr/bin/env node
import './run-first.js';
import { headStart } from './scan/head-start.js';

const args = process.argv.slice(2);
const started = headStart(args);

// Loaded meanwhile, and no more of it than is needed.
const ending =
  started === undefined
    ? import('./program.js').then(({ main }) => main(args))
    : import('./scan/directory.js').then(({ finishScan }) => finishScan(started));

// Everything has been written by now, and taking Node apart takes longer than that.
void ending.then((status) => {
  process.exit(status);
});
