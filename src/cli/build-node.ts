import { Command, InvalidArgumentError } from 'commander';

import { GATES, isGate, type Gate } from '../preload/guard/gates.js';
import { refusedForGood } from '../executable/command-line.js';
import { exitStatus, setStatus } from './exit-status.js';
import { checkPairs } from './goes-with.js';
import { BuildError, buildExecutable } from './node-executable.js';
import { print, printable, warn } from './terminal.js';

interface Options {
  out: string;
  node: string;
  enforce?: true;
  strict?: true;
  allow: Gate[];
  image?: string;
  bytecode?: string;
  nodeOption: string[];
}

function gate(name: string, before: Gate[]): Gate[] {
  if (!isGate(name)) throw new InvalidArgumentError(`The gates are ${GATES.join(', ')}.`);
  return [...before, name];
}

function nodeOption(option: string, before: string[]): string[] {
  if (!option.startsWith('--') || option === '--') {
    throw new InvalidArgumentError(
      'It must be an option of Node in one word, --name or --name=value.',
    );
  }
  return [...before, option];
}

function build(options: Options): void {
  const { out, node, enforce, strict, allow, image, bytecode, nodeOption: nodeOptions } = options;
  const isClosed = (name: string): boolean =>
    strict === true && !(allow as readonly string[]).includes(name);
  for (const option of nodeOptions) {
    const why = refusedForGood(option, isClosed);
    if (why === undefined) continue;
    warn(printable(`--node-option=${option} is refused. ${why}`));
    setStatus(exitStatus.failure);
    return;
  }
  try {
    const { path, addon, version } = buildExecutable({
      out,
      node,
      enforce: enforce === true,
      strict: strict === true,
      allow,
      image,
      bytecode,
      nodeOptions,
    });
    print(printable(`Wrote ${path} (Node ${version}) and ${addon}, which must stay beside it.`));
  } catch (error) {
    if (!(error instanceof BuildError)) throw error;
    warn(printable(error.message, '\n'));
    setStatus(exitStatus.failure);
  }
}

export function buildNode(): Command {
  return new Command('build-node')
    .description(
      'build a Node executable that contains the preload, so no command line can leave it out',
    )
    .requiredOption('--out <file>', 'where to write it; its addon is written beside it')
    .option('--node <path>', 'the Node to build from: 24 or newer', process.execPath)
    .option('--enforce', 'always act as if both exec securebits were set')
    .option('--strict', 'always close the gates by which a program turns a string into code')
    .option('--allow <gate>', 'with --strict, leave this gate open; may be given again', gate, [])
    .option('--image <file>', 'always load code from this image, made by mayexec image')
    .option('--bytecode <file>', 'always use the bytecode in this file, made by mayexec image')
    .option(
      '--node-option <option>',
      'an option of Node to build in, such as --node-option=--max-old-space-size=4096',
      nodeOption,
      [],
    )
    .action((options: Options, command: Command) => {
      checkPairs(command, [['--allow', '--strict']]);
      build(options);
    });
}
