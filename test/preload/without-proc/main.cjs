'use strict';
/* What an approved program does where /proc is empty; a line for each. */
const { execFileSync } = require('node:child_process');
const { join } = require('node:path');
const { Worker } = require('node:worker_threads');

const say = (what, code) => console.log(`${what}: ${code}`);
const load = (what, how) => {
  try {
    say(what, how());
  } catch (error) {
    say(what, error.code ?? `status ${error.status}`);
  }
};
const here = (name) => join(__dirname, name);

(async () => {
  load('approved', () => require('./approved.cjs'));
  load('not approved', () => require('./dropped.cjs'));
  say(
    'an ES module',
    await import('./dropped.mjs').then(
      () => 'ran',
      (error) => error.code,
    ),
  );
  load('an addon', () => process.dlopen({ exports: {} }, here('dropped.node')) ?? 'ran');
  const run = (name) => () =>
    execFileSync(process.execPath, [here(name)], { stdio: 'pipe' }) && 'ran';
  load('a child', run('approved.cjs'));
  load('a child that is not approved', run('dropped.cjs'));
  const worker = (name) =>
    new Promise((resolve) => {
      new Worker(here(name))
        .once('error', ({ code }) => resolve(code))
        .once('exit', (code) => resolve(code === 0 ? 'ran' : `status ${code}`));
    });
  say('a Worker', await worker('approved.cjs'));
  say('a Worker that is not approved', await worker('dropped.cjs'));
})();
