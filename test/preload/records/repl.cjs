// Each way to a REPL, which is given one line, and a REPL whose evaluator is the program's.
const repl = require('node:repl');
const { PassThrough } = require('node:stream');

const streams = (text) => ({
  input: new PassThrough().end(`${text}\n`),
  output: new PassThrough(),
});

repl.start(streams("'start'"));
new repl.REPLServer(streams("'new'"));
// Node 26 wants `new`.
if (Number.parseInt(process.versions.node, 10) < 26) repl.REPLServer(streams("'call'"));
repl.start({
  ...streams('own words'),
  eval: (text, context, name, callback) => callback(null, text),
});
