// What all of these programs share: a script, -e CODE or standard input, and how they end.
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { checkInteractive, readFirstMayExecSync, readMayExecSync } from 'mayexec';

const folders = (process.env.PART_PATH ?? '').split(':').filter((folder) => folder !== '');

/** The first file of this name that exists in PART_PATH. */
export const findPart = (name) =>
  readFirstMayExecSync(
    folders.map((folder) => resolve(folder, name)),
    'utf8',
  );

function codeOf(first, rest, encoding) {
  if (first === '-e' && rest.length === 1) {
    checkInteractive();
    return rest[0];
  }
  if (first === '-' && rest.length === 0) {
    checkInteractive({ fd: 0 });
    return readFileSync(0, encoding);
  }
  if (first === undefined || first.startsWith('-')) throw new TypeError('which script?');
  return readMayExecSync(first, encoding);
}

/** Runs the text that the command line names. */
export async function start(name, run, encoding = 'utf8') {
  const [first, ...rest] = process.argv.slice(2);
  try {
    const folder = first === undefined ? process.cwd() : dirname(resolve(first));
    await run(codeOf(first, rest, encoding), folder);
  } catch (error) {
    process.stderr.write(`${name}: ${error.message ?? error}\n`);
    process.exitCode = 1;
  }
}
