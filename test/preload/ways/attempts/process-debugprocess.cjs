process._debugProcess(process.pid);
require('./await-inspector.cjs');
