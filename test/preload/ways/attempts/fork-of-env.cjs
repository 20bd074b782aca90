process.execArgv = [];
const execArgv = ['-u', 'NODE_OPTIONS', process.execPath];
require('node:child_process').fork('dropped.cjs', [], { execPath: '/usr/bin/env', execArgv });
