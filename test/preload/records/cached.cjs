// The cache is turned on before files are restricted, and stays on.
const { enableCompileCache } = require('node:module');
const { join } = require('node:path');

enableCompileCache(join(__dirname, 'cache'));
require(process.argv[2]).setSecurebits({ restrictFile: true });
require('./child.cjs');
