const { Worker } = require('node:worker_threads');

const env = Object.create({ INHERITED: 'inherited' }, { OWN: { value: 'own', enumerable: true } });
new Worker(__dirname + '/a.cjs', { env });
