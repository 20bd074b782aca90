const { spawn } = require('child_process');
spawn('/bin/sh', ['-c', 'kill -USR1 ' + process.pid]).on('close', () => {
  require('./await-inspector.cjs');
});
