/*
 * Asks the preload about words, in four places where a program can give them to a Node or
 * a Worker. Nothing is started: the directory, or the name of the file, is wrong. Prints
 * which of the words each place refused.
 */
const { readFileSync } = require('node:fs');
const { spawnSync } = require('node:child_process');
const { Worker } = require('node:worker_threads');

const NOWHERE = '/nonexistent/folder';
const NO_FILE = 'neither-absolute-nor-relative';
const quoted = (words) => words.map((word) => `"${word}"`).join(' ');

const places = {
  child: (words) => spawnSync(process.execPath, words, { cwd: NOWHERE }),
  "a child's NODE_OPTIONS": (words) =>
    spawnSync(process.execPath, [], { cwd: NOWHERE, env: { NODE_OPTIONS: quoted(words) } }),
  Worker: (words) => new Worker(NO_FILE, { execArgv: words }),
  "a Worker's NODE_OPTIONS": (words) =>
    new Worker(NO_FILE, { env: { NODE_OPTIONS: quoted(words) } }),
};

function isRefused(ask, words) {
  try {
    ask(words);
    return false;
  } catch (error) {
    return error.name === 'ExecDeniedError';
  }
}

const given = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const answers = Object.entries(places).map(([place, ask]) => [
  place,
  given.map((words) => isRefused(ask, words)),
]);
process.stdout.write(JSON.stringify(Object.fromEntries(answers)));
