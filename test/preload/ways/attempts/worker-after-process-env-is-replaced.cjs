process.env = {};
Object.defineProperty(process, 'execArgv', { value: [] });
new (require('worker_threads').Worker)(__dirname + '/dropped.cjs');
