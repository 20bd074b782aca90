const { PassThrough } = require('stream');
const input = new PassThrough();
require('repl').start({ input, output: new PassThrough() });
input.end("process.getBuiltinModule('fs').writeSync(1, 'RAN\\n')" + '\n');
