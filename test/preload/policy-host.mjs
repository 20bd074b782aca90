// Has securebits of its own, which all that it starts inherits. Started by
// policy-host.ts with the bits in argv[2]; runs one command a message.
import { spawn } from 'node:child_process';

import { setSecurebits } from '../../dist/index.js';

setSecurebits(JSON.parse(process.argv[2]));

process.on('message', ({ id, file, args, cwd, env, uid, gid, input, stdin, timeout, endsAt }) => {
  const stdio = [stdin ?? 'pipe', 'pipe', 'pipe'];
  const child = spawn(file, args, { cwd, env, uid, gid, stdio, timeout });
  let stdout = '';
  let stderr = '';
  // What would wait for ever is ended when it has said so.
  const ended = () => endsAt !== undefined && (stdout + stderr).includes(endsAt) && child.kill();
  child.stdout.setEncoding('utf8').on('data', (text) => ((stdout += text), ended()));
  child.stderr.setEncoding('utf8').on('data', (text) => ((stderr += text), ended()));
  child.stdin?.on('error', () => undefined).end(input ?? '');
  child.on('error', (error) => process.send({ id, status: null, stdout, stderr: String(error) }));
  child.on('close', (status, signal) => process.send({ id, status, signal, stdout, stderr }));
});
process.send('ready');
