const { spawn } = require('child_process');
const { readFileSync } = require('fs');
const { pid } = spawn(process.execPath, ['--inspect-port=0', './await-inspector.cjs'], {
  stdio: 'inherit',
});
// Sends the signal as soon as the child would not die of it.
const SIGUSR1 = 1n << 9n;
for (;;) {
  const status = readFileSync(`/proc/${pid}/status`, 'latin1');
  if (/^State:\tZ/m.test(status)) break;
  const [, caught] = /^SigCgt:\t(.*)$/m.exec(status);
  if ((BigInt('0x' + caught) & SIGUSR1) === 0n) continue;
  process.kill(pid, 'SIGUSR1');
  break;
}
