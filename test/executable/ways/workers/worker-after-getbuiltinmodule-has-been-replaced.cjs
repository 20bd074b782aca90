const { Worker } = require('worker_threads');
process.getBuiltinModule = () => ({ getAsset: () => '' });
new Worker(__dirname + '/dropped.cjs');
