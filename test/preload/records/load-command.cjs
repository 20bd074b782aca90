const { PassThrough } = require('node:stream');

const server = require('node:repl').start({ input: new PassThrough(), output: new PassThrough() });
server.commands.load.action.call(server, 'child.cjs');
