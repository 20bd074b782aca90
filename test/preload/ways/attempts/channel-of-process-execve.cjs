// Node hands the words to this channel after they were checked.
require('node:diagnostics_channel').subscribe('process.execve', ({ args, env }) => {
  args.splice(0, args.length, 'node', './dropped.cjs');
  env.splice(0, env.length, 'A=1');
});
process.execve(process.execPath, [process.execPath, './approved.cjs'], { ...process.env });
