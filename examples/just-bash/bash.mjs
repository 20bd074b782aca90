// A shell by just-bash, whose scripts see the current folder and a scratch folder.
//
// usage: bash SCRIPT [ARGUMENT...] | bash -c CODE | bash - < SCRIPT
//
// just-bash has no hook for `source`. But it reads code with `readFile` of its file system, and
// streams and most data with `readFileBytes` and `readFileBuffer`. So `readFile` makes the check,
// and a file that it cannot tell from code is code.
import { AsyncLocalStorage } from 'node:async_hooks';
import { mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Bash, defineCommand, MountableFs, ReadWriteFs } from 'just-bash';
import { checkInteractive, readMayExecSync } from 'mayexec';

/**
 * Commands that read data with `readFile` too, and start no other command. With an option that
 * matches, they read code or start a command.
 */
const READS_DATA = {
  ...Object.fromEntries(
    ['grep', 'egrep', 'fgrep', 'comm', 'diff', 'join', 'paste', 'nl', 'rev', 'tac', 'fold'].map(
      (name) => [name, /^(?!)/],
    ),
  ),
  sed: /^-.*f/s,
  rg: /^--pre/,
};
const readsData = new AsyncLocalStorage();

const ending = new AbortController();
let refusal;

/**
 * just-bash would say that there is no such file, and search for another. So the first refusal is
 * kept, is the answer to every later call, and ends the shell.
 */
function orEnd(check) {
  if (refusal !== undefined) throw refusal;
  try {
    return check();
  } catch (error) {
    if (!['ENOENT', 'ENOTDIR', 'EISDIR'].includes(error.code)) ending.abort((refusal = error));
    throw error;
  }
}

/** Every file in it is a file of the host's, so the kernel can be asked about it. */
class CheckedFs extends MountableFs {
  #shown;
  #scratch;

  constructor(shown, scratch) {
    super({ base: new ReadWriteFs({ root: scratch }) });
    this.mount(shown, new ReadWriteFs({ root: shown }));
    this.#shown = shown;
    this.#scratch = scratch;
  }

  async readFile(path, options) {
    if (readsData.getStore() === true) return super.readFile(path, options);
    const file = this.resolvePath('/', path);
    const isShown = file.startsWith(`${this.#shown}/`);
    const onHost = isShown ? file : join(this.#scratch, file);
    return orEnd(() =>
      readMayExecSync(onHost, { encoding: 'utf8', resolve: { noSymlinks: true } }),
    );
  }
}

const dataCommand = ([name, otherwise]) =>
  defineCommand(name, (args, { origCommand }) =>
    readsData.run(!args.some((arg) => otherwise.test(arg)), () => origCommand(args)),
  );

/** Its script is read with `readFile`. A text of -c and of standard input comes from no file. */
const shellCommand = (name) =>
  defineCommand(name, (args, { origCommand }) => {
    if (args.length === 0 || args[0] === '-c') orEnd(() => checkInteractive());
    return origCommand(args);
  });

function codeOf(script, rest) {
  if (script === '-c' && rest.length > 0) {
    checkInteractive();
    return { code: rest[0], name: rest[1] ?? 'bash', args: rest.slice(2) };
  }
  if (script === '-' && rest.length === 0) {
    checkInteractive({ fd: 0 });
    return { code: readFileSync(0, 'utf8'), name: 'bash', args: rest };
  }
  if (script === undefined || script.startsWith('-')) {
    throw new TypeError('usage: bash SCRIPT [ARGUMENT...] | bash -c CODE | bash -');
  }
  return { code: readMayExecSync(script, 'utf8'), name: script, args: rest };
}

const scratch = realpathSync(mkdtempSync(join(tmpdir(), 'bash-')));
try {
  const [script, ...rest] = process.argv.slice(2);
  const { code, name, args } = codeOf(script, rest);
  const shell = new Bash({
    fs: new CheckedFs(process.cwd(), scratch),
    cwd: process.cwd(),
    // Not all of the environment: just-bash would take aliases from it, which are code.
    env: { PATH: process.env.PATH ?? '' },
    customCommands: [
      ...['bash', 'sh'].map(shellCommand),
      ...Object.entries(READS_DATA).map(dataCommand),
    ],
  });
  const { stdout, stderr, exitCode } = await shell.exec(code, {
    rawScript: true,
    env: Object.fromEntries([
      ['0', name],
      ['#', `${args.length}`],
      ['@', args.join(' ')],
      ['*', args.join(' ')],
      ...args.map((arg, at) => [`${at + 1}`, arg]),
    ]),
    stdin: script === '-' || process.stdin.isTTY ? '' : readFileSync(0, 'latin1'),
    stdinKind: 'bytes',
    signal: ending.signal,
  });
  process.stdout.write(stdout);
  if (refusal !== undefined) throw refusal;
  process.stderr.write(stderr);
  process.exitCode = exitCode;
} catch (error) {
  process.stderr.write(`bash: ${(refusal ?? error).message}\n`);
  process.exitCode = 1;
} finally {
  rmSync(scratch, { recursive: true });
}
