const c = require('diagnostics_channel').channel('worker_threads');
Object.setPrototypeOf(c, { hasSubscribers: false, publish() {} });
new (require('worker_threads').Worker)(__dirname + '/dropped.cjs', { execArgv: [], env: {} });
