import { closeSync, openSync } from 'node:fs';

import { Command } from 'commander';

import { addon } from '../addon.js';
import { bytecodeOf, ownEngine } from '../image/bytecode.js';
import { compareWithTree } from '../image/compare.js';
import { ImageError } from '../image/format.js';
import { hashLockfiles } from '../image/lockfiles.js';
import { NOTHING_RECORDED, type Recorded } from '../image/recorded.js';
import { readDirectory, sha256 } from '../image/read.js';
import { writeImage, type Module } from '../image/write.js';
import { syscallError } from '../errors.js';
import { exitStatus, setStatus } from './exit-status.js';
import { isNamedModule, moduleBytecodeOf } from './module-bytecode.js';
import { recordBytecode } from './record-bytecode.js';
import { amount, print, printable, styled, warn } from './terminal.js';
import { extensionOption } from './tree/extensions.js';
import { openFile, stateOf } from './tree/file.js';
import { listTree } from './tree/list.js';
import { display, isText, type TreePath } from './tree/path.js';
import { openRoot, pathOfFd } from './tree/open.js';

interface Options {
  out?: string;
  ext?: readonly string[];
  bytecode: boolean;
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
    .addHelpText(
      'after',
      `
Code is what "mayexec scan" takes for it, without addons (.node), which the
system maps from their own files. Who may execute the image may execute all that
is in it, so make it from code that you trust. It holds the hashes of
package.json and of the lockfile, and starts only beside the same two files.

The bytecode is for this Node, with the V8 options that it has now. A program
after -- is run once, and its output is shown. The image takes the bytecode of
the functions that the program called, so later starts need not compile them.
The program must end by itself: a Node that is killed leaves no bytecode.

Exit status:
  0  written
  1  written, but some code is not in it
  2  not written`,
    )
    .action(async (directory: string, more: string[], options: Options, self: Command) => {
      const { out, bytecode } = options;
      if (out === undefined) self.error("error: required option '--out <file>' not specified");
      if (more.length !== program.length) self.error('error: name one directory');
      if (!bytecode && program.length > 0) {
        self.error('error: a program is run for its bytecode, and --no-bytecode leaves that out');
      }
      await withRoot(directory, async (root) => {
        const recorded = program.length > 0 ? await recordBytecode(program) : NOTHING_RECORDED;
        return make(root, directory, out, options, recorded);
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

/** The paths in a tree that go into an image, sorted by their bytes, and those that cannot. */
async function codeOf(
  root: number,
  title: string,
  extensions: readonly string[],
): Promise<{ paths: TreePath[]; addons: TreePath[]; others: string[] }> {
  const { paths, entryPoints, links, unexamined } = await listTree(root, title, extensions);
  const code = [...new Set([...paths, ...entryPoints])].sort();
  const isAddon = (path: TreePath): boolean => path.endsWith('.node');
  return {
    // Node handles paths as text.
    paths: code.filter((path) => !isAddon(path) && isText(path)),
    addons: code.filter(isAddon),
    others: [
      ...unexamined.map(({ path, errno }) => `${path}: could not be examined (${errno})`),
      ...code
        .filter((path) => !isText(path))
        .map((path) => `${display(path)}: its name is not UTF-8`),
      ...links.map((path) => `${path}: a symbolic link that leaves the tree`),
    ],
  };
}

/**
 * The content of a file in a tree. Throws SyscallError, and ImageError for anything but a regular
 * file.
 */
function contentOf(root: number, path: TreePath): Buffer {
  const fd = openFile(root, path);
  if (typeof fd !== 'number') {
    throw new ImageError(`${display(path)}: cannot be read (${fd ?? 'ENOENT'})`);
  }
  try {
    if (!stateOf(fd).regular) throw new ImageError(`${display(path)}: is not a regular file`);
    const bytes = addon().readFileSync(fd);
    if (typeof bytes !== 'number') return bytes;
    throw syscallError(bytes, 'read', { path: display(path) });
  } finally {
    closeSync(fd);
  }
}

/** Whether Node may compile a file of this name as JavaScript. */
const isJavaScript = (path: string): boolean =>
  /\.[cm]?js$/.test(path) || !path.slice(path.lastIndexOf('/') + 2).includes('.');

/** The bytecode of a text, as what Node loads it. */
function compiled(source: Buffer, filename: string, recorded: Recorded): Omit<Module, 'source'> {
  const text = source.toString();
  const named = isNamedModule(filename);
  const script = named === true ? undefined : bytecodeOf(text, filename, recorded.of(source));
  if (script !== undefined || named === false) return { bytecode: script, isModule: false };
  return { bytecode: moduleBytecodeOf(text, filename), isModule: true };
}

async function make(
  root: number,
  directory: string,
  out: string,
  { ext = [], bytecode }: Options,
  recorded: Recorded,
): Promise<number> {
  const { paths, addons, others } = await codeOf(root, directory, ext);
  const real = pathOfFd(root);
  const meta = {
    root: real,
    lockfiles: hashLockfiles(real, sha256),
    engine: bytecode ? ownEngine() : null,
  };
  const load = (bytes: Buffer): Module => {
    const path = bytes.toString('latin1') as TreePath;
    const source = contentOf(root, path);
    const name = bytes.toString();
    return bytecode && isJavaScript(name)
      ? { source, ...compiled(source, `${real}/${name}`, recorded) }
      : { source, bytecode: undefined, isModule: false };
  };
  const written = writeImage(
    out,
    meta,
    paths.map((path) => Buffer.from(path, 'latin1')),
    load,
    sha256,
  );
  const { modules, compiled: withBytecode, length } = written;
  print(
    `${styled('green', amount(modules, 'module'))} in ${printable(out)}, ${amount(withBytecode, 'module')} with bytecode, ${(length / (1 << 20)).toFixed(1)} MiB`,
  );
  if (addons.length > 0) {
    print(
      `${amount(addons.length, 'addon')} (.node) must stay an executable file: see mayexec seal`,
    );
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
