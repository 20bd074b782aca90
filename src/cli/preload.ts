import { Command } from 'commander';

import { launcherPath } from '../launch/launcher.js';
import { preloadPath } from '../preload/inherit/preload-option.js';
import { print } from './terminal.js';

/** Throws the errors of launcherPath. */
export function preload(): Command {
  return new Command('preload')
    .description(
      "print the absolute path of mayexec's preload, for node --require and NODE_OPTIONS",
    )
    .option('--launcher', 'print the path of mayexec-run instead')
    .action(({ launcher }: { launcher?: true }) => {
      print(launcher === true ? launcherPath() : preloadPath());
    });
}
