process.removeAllListeners();
process.kill(process.pid, 'SIGUSR1');
require('./await-inspector.cjs');
