const { Worker } = require('worker_threads');
String.prototype.indexOf = () => -1;
String.prototype.slice = String.prototype.charAt = () => '';
String.prototype.startsWith = () => false;
new Worker(__dirname + '/empty.cjs', { execArgv: ['--require=' + __dirname + '/dropped.cjs'] });
