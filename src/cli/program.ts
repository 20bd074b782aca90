import { createRequire } from 'node:module';

import { Command, CommanderError } from 'commander';

import { exitStatus, takeStatus } from './exit-status.js';
import { failed } from './failure.js';
import { output } from './terminal.js';

/**
 * Every subcommand, in the order of the help text. Register a new one here. Each is loaded only
 * when it is used, because loading some takes longer than running them.
 */
const subcommands = new Map<string, (words: readonly string[]) => Promise<Command>>([
  ['probe', async () => (await import('./probe.js')).probe()],
  ['check', async () => (await import('./check.js')).check()],
  ['explain', async () => (await import('./explain.js')).explain()],
  ['scan', async (words) => (await import('./scan/command.js')).scan(words)],
  ['seal', async () => (await import('./seal/command.js')).seal()],
  ['manifest', async () => (await import('./manifest/command.js')).manifest()],
  ['verify', async () => (await import('./manifest/verify.js')).verify()],
  ['sbom', async () => (await import('./sbom/command.js')).sbom()],
  ['report', async () => (await import('./page/command.js')).report()],
  ['image', async (words) => (await import('./image.js')).image(words)],
  ['run', async () => (await import('./run.js')).run()],
  ['preload', async () => (await import('./preload.js')).preload()],
  ['build-addon', async () => (await import('./build-addon.js')).buildAddon()],
  ['build-node', async () => (await import('./build-node.js')).buildNode()],
  ['completion', async () => (await import('./completion.js')).completion(() => program())],
]);

/** Defined by bundle.mjs. */
declare const MAYEXEC_VERSION: string;

function version(): string {
  if (typeof MAYEXEC_VERSION === 'string') return MAYEXEC_VERSION;
  const own = createRequire(import.meta.filename)('mayexec/package.json') as { version: string };
  return own.version;
}

/** The command with the subcommand of the first word, or with all subcommands. */
export async function program(words: readonly string[] = []): Promise<Command> {
  const result = new Command('mayexec')
    .description(
      'Ask the Linux kernel whether files may be executed, and prepare a Node.js application for it.',
    )
    .version(version(), '-V, --version')
    .showHelpAfterError('(mayexec --help lists the commands)')
    .addHelpText(
      'after',
      `
Exit status:
  0  all is as it should be
  1  something was found: a file is refused, or could not be sealed
  2  the work could not be done: bad arguments, or a system call failed
  3  this machine cannot be asked: no mechanism, no addon, not Linux`,
    );
  const named = subcommands.get(words[0] ?? '');
  for (const load of named === undefined ? subcommands.values() : [named]) {
    result.addCommand(await load(words));
  }
  for (const command of withSubcommands(result)) {
    command.exitOverride().configureOutput({
      writeOut: (text) => {
        output.write(1, text);
      },
      writeErr: (text) => {
        output.write(2, text);
      },
    });
  }
  return result;
}

/** Commander settles nothing for the commands of a command. */
function withSubcommands(command: Command): Command[] {
  return [command, ...command.commands.flatMap(withSubcommands)];
}

/** Runs the command and returns its exit status. Never throws. */
export async function main(args: readonly string[]): Promise<number> {
  try {
    const command = await program(args);
    await command.parseAsync(args, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) return failed(error);
    // Commander has printed the error.
    return error.exitCode === 0 ? exitStatus.ok : exitStatus.failure;
  }
  return takeStatus();
}
