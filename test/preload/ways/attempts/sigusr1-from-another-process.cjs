const { spawn } = require('child_process');
spawn('/bin/sh', ['-c', 'kill -USR1 ' + process.pid]).on('close', () => {
  let i = 0;
  setInterval(() => {
    if (require('inspector').url()) {
      require('fs').writeSync(1, 'RAN\n');
      process.exit();
    }
    if (++i === 20) process.exit();
  }, 50);
});
