import { Command } from 'commander';

import { LAUNCHER_OPTIONS } from '../launch/launcher-options.js';

/** The command for the help and the completion. run-first.ts runs it. */
export function run(): Command {
  const command = new Command('run')
    .description("run a command under the exec securebits, and a Node with mayexec's preload first")
    .argument('<command...>', 'the command and its arguments, best after --');
  for (const { flags, about } of LAUNCHER_OPTIONS) command.option(flags, about);
  return command;
}
