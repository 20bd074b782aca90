import { closeSync, openSync } from 'node:fs';

import { Command } from 'commander';

import { compareWithTree } from '../image/compare.js';
import { ImageError } from '../image/format.js';
import { hashLockfiles } from '../image/lockfiles.js';
import { NOTHING_RECORDED } from '../image/recorded.js';
import { readDirectory, sha256 } from '../image/read.js';
import { exitStatus, setStatus } from './exit-status.js';
import {
  codeOf,
  contentOf,
  describe,
  makeImage,
  type ImageOptions,
  type Made,
} from './make-image.js';
import { recordBytecode } from './record-bytecode.js';
import { amount, print, printable, warn } from './terminal.js';
import { extensionOption } from './tree/extensions.js';
import type { TreePath } from './tree/path.js';
import { openRoot, pathOfFd } from './tree/open.js';

interface Options extends ImageOptions {
  out?: string;
}

/** `words` are the whole command line: commander does not say what came after `--`. */
export function image(words: readonly string[]): Command {
  const end = words.indexOf('--');
  const program = end < 0 ? [] : words.slice(end + 1);
  const command = new Command('image')
    .description('put the code of an application into one file for mayexec run --image')
    .usage('[options] <dir> [-- <command...>]\n       mayexec image check --image <file> <dir>')
    .argument('<dir>', 'the application, with its package.json and node_modules')
    .argument('[command...]', 'after --, a program to run: bytecode of the functions that it calls')
    .option('--out <file>', 'where to write it')
    .addOption(extensionOption())
    .option(
      '--no-bytecode',
      "leave out V8's bytecode: the image is smaller and works with every Node",
    )
    .option('--no-sources', 'leave out the sources: the image is for mayexec run --bytecode alone')
    .addHelpText(
      'after',
      `
Code is what "mayexec scan" takes for it, without addons (.node), which the
system maps from their own files. Who may execute the image may execute all that
is in it, so make it from code that you trust. It holds the hashes of
package.json and of the lockfiles, and starts only beside the same files.

With run --bytecode, V8 gets the bytecode of modules that are the same on the
disk. Each of them is checked there, and none is taken from the image.

The bytecode is for this Node, with the V8 options that it has now. A program
after -- is run once, and its output is shown. The image takes the bytecode of
the functions that the program called, so later starts need not compile them.
The program must end by itself: a Node that is killed leaves no bytecode. The
status that it ends with is shown, and is not the status of this command.

Exit status:
  0  written
  1  written, but some code is not in it
  2  not written`,
    )
    .action(async (directory: string, more: string[], options: Options, self: Command) => {
      const { out, bytecode, sources } = options;
      if (out === undefined) self.error("error: required option '--out <file>' not specified");
      if (more.length !== program.length) self.error('error: name one directory');
      if (!bytecode && !sources) self.error('error: without sources and bytecode nothing is left');
      if (!bytecode && program.length > 0) {
        self.error('error: a program is run for its bytecode, and --no-bytecode leaves that out');
      }
      await withRoot(directory, async (root) => {
        const recorded = program.length > 0 ? await recordBytecode(program) : NOTHING_RECORDED;
        return tell(out, await makeImage(root, directory, out, options, recorded));
      });
    });
  command.addCommand(check());
  return command;
}

function check(): Command {
  return new Command('check')
    .description('show how an image differs from the application on the disk')
    .argument('<dir>', 'the application')
    .requiredOption('--image <file>', 'the image')
    .addOption(extensionOption())
    .addHelpText(
      'after',
      `
Exit status:
  0  they are the same
  1  they differ
  2  one cannot be read`,
    )
    .action(async (directory: string, options: { image: string; ext?: readonly string[] }) => {
      await withRoot(directory, (root) => compare(root, directory, options));
    });
}

async function withRoot(directory: string, use: (root: number) => Promise<number>): Promise<void> {
  const root = openRoot(directory);
  try {
    setStatus(await use(root));
  } catch (error) {
    if (!(error instanceof ImageError)) throw error;
    warn(printable(error.message, '\n'));
    setStatus(exitStatus.failure);
  } finally {
    closeSync(root);
  }
}

function tell(out: string, { written, addons, others }: Made): number {
  print(describe(out, written));
  if (addons > 0) {
    print(`${amount(addons, 'addon')} (.node) must stay an executable file: see mayexec seal`);
  }
  for (const line of others) warn(`${printable(line)}; it is not in the image`);
  return others.length > 0 ? exitStatus.findings : exitStatus.ok;
}

async function compare(
  root: number,
  directory: string,
  { image: file, ext = [] }: { image: string; ext?: readonly string[] },
): Promise<number> {
  const { paths } = await codeOf(root, directory, ext);
  const real = pathOfFd(root);
  const fd = openSync(file, 'r');
  try {
    const differences = compareWithTree(
      { fd, directory: readDirectory(fd) },
      {
        root: real,
        paths,
        lockfiles: hashLockfiles(real, sha256),
        read: (path) => contentOf(root, path as TreePath),
      },
    );
    for (const line of differences) print(printable(line));
    if (differences.length > 0) return exitStatus.findings;
    print(`${printable(file)} has the same code as ${printable(directory)}`);
    return exitStatus.ok;
  } catch (error) {
    if (!(error instanceof ImageError)) throw error;
    throw new ImageError(`${file}: ${error.message}`);
  } finally {
    closeSync(fd);
  }
}
