// Starts the dropped file by a handle of Node's C++ side, whose arguments Node 24 changed.
module.exports = (handle) => {
  const words = [process.execPath, __dirname + '/dropped.cjs'];
  const stdio = [{ type: 'ignore' }, { type: 'fd', fd: 1 }, { type: 'fd', fd: 2 }];
  handle.onexit = () => {};
  if (process.version < 'v24') handle.spawn({ file: words[0], args: words, envPairs: [], stdio });
  else handle.spawn(words[0], words, undefined, [], stdio, 0);
};
