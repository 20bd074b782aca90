// What a subscriber of the channel hears of a program that is started, and of a REPL's texts.
const { spawnSync } = require('node:child_process');
const { subscribe } = require('node:diagnostics_channel');
const repl = require('node:repl');
const { PassThrough } = require('node:stream');

subscribe('mayexec:check', ({ origin, text, child }) => {
  console.log(origin, text?.trim() ?? child?.file ?? '');
});
spawnSync('true');
repl.start({ input: new PassThrough().end("'typed'\n"), output: new PassThrough() });
