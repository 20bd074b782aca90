// A language that includes files: every line is printed, except `include NAME`,
// which runs the file of that name. It is looked for beside the file that names it,
// then in the folders of INCLUDE_PATH, with and without the ending .inc.
//
// usage: include SCRIPT
import { dirname, join } from 'node:path';
import { NotFoundError, readFirstMayExecSync, readMayExecSync } from 'mayexec';

const folders = (process.env.INCLUDE_PATH ?? '').split(':').filter((folder) => folder !== '');

function run(path, code) {
  for (const line of code.split('\n')) {
    const [, name] = /^include (\S+)$/.exec(line) ?? [];
    if (name === undefined) {
      if (line !== '') process.stdout.write(`${line}\n`);
      continue;
    }
    const candidates = [dirname(path), ...folders].flatMap((folder) =>
      [name, `${name}.inc`].map((file) => join(folder, file)),
    );
    // What is missing, and a directory, is passed over. A refused file is not:
    // the next one of that name is not the one that was meant.
    const found = readFirstMayExecSync(candidates, 'utf8');
    run(found.path, found.content);
  }
}

const [script] = process.argv.slice(2);
try {
  if (script === undefined) throw new TypeError('usage: include SCRIPT');
  run(script, readMayExecSync(script, 'utf8'));
} catch (error) {
  const what = error instanceof NotFoundError ? 'not found' : 'stopped';
  process.stderr.write(`include: ${what}: ${error.message}\n`);
  process.exitCode = 1;
}
