// C code takes a string for what is in front of a NUL.
const child = new (require('node:child_process').ChildProcess)()._handle;
child.onexit = () => {};
const file = `${process.execPath}\0`;
const args = ['node', '--build-snapshot\0', 'dropped.cjs'];
const stdio = [{ type: 'ignore' }, { type: 'fd', fd: 1 }, { type: 'fd', fd: 2 }];
if (process.version < 'v24') child.spawn({ file, args, envPairs: [], stdio });
else child.spawn(file, args, undefined, [], stdio, 0);
