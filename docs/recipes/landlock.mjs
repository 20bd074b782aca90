// Runs a program that may execute, and have its interpreters load, only what is
// in the named directories. No privilege is needed.
// usage: node landlock.mjs DIR... -- COMMAND [ARG...]
import { spawnSync } from 'node:child_process';
import { restrictExec } from 'mayexec';

const words = process.argv.slice(2);
const end = words.indexOf('--');
const [command, ...args] = words.slice(end + 1);

restrictExec({ allow: words.slice(0, end) });

// A child process inherits the restriction.
const { status, error } = spawnSync(command, args, { stdio: 'inherit' });
if (error) console.error(`${command}: ${error.code}`);
process.exitCode = error ? 126 : (status ?? 1);
