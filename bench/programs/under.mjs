// Runs commands under securebits of its own (argv[2]); a command a message. Answers
// with what came of it, and its times with those of all that it started.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

import { setSecurebits } from '../../dist/index.js';

setSecurebits(JSON.parse(process.argv[2]));

const TIMED = 'TIMEFORMAT="%R %U %S"; { time "$@" 2>&3 3>&-; } 3>&2 2>"$0"';

process.on('message', ({ command, cwd, env, times }) => {
  const { status, signal, stdout, stderr } = spawnSync(
    '/bin/bash',
    ['-c', TIMED, times, ...command],
    { cwd, env, encoding: 'utf8', timeout: 240_000, maxBuffer: 1 << 28 },
  );
  const [wall, user, system] = readFileSync(times, 'utf8').trim().split('\n').at(-1).split(' ');
  process.send({
    status: status ?? signal,
    stdout,
    stderr,
    wall: Number(wall),
    cpu: Number(user) + Number(system),
  });
});
