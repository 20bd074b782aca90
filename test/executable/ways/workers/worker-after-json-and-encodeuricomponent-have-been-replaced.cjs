const { Worker } = require('worker_threads');
JSON.stringify = () => '0';
globalThis.encodeURIComponent = () => '1';
new Worker(__dirname + '/dropped.cjs');
