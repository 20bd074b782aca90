// The main script of a single executable application, whose imports no hook sees. It restricts
// itself, and starts a Node without the preload by a function that it imported before.
import { createRequire } from 'node:module';
import { binding } from 'node:process';

const require = createRequire(process.env.MODULE);
const { setSecurebits } = require(process.env.PACKAGE);
setSecurebits({ restrictFile: true, denyInteractive: true });
require(process.env.MODULE);
const pipe = { type: 'pipe', readable: false, writable: true };
const { status } = binding('spawn_sync').spawn({
  file: process.env.NODE,
  args: ['node', '-e', '0'],
  envPairs: [],
  stdio: [{ type: 'ignore' }, pipe, pipe],
});
console.log(`status ${status}`);
