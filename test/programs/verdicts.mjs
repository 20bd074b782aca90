// verdicts.mjs INDEX UID DIR: the verdict about everything below DIR but symbolic links, a line each:
// `1 PATH` or `0 PATH`, with the path in latin1 so that every byte survives.
import { closeSync, readdirSync } from 'node:fs';

const [index, uid, dir] = process.argv.slice(2);
const { checkExecSync, constants, openat2Sync, probe } = await import(index);
const { O_NOFOLLOW, O_PATH } = constants;
probe(); // loads the addon, which the user may have no way to
if (uid !== '0') {
  process.setgroups([]);
  process.setgid(Number(uid));
  process.setuid(Number(uid));
}

function* walk(dir) {
  let entries;
  try {
    entries = readdirSync(dir, { withFileTypes: true, encoding: 'buffer' });
  } catch {
    return; // not for this user
  }
  for (const entry of entries) {
    if (entry.isSymbolicLink()) continue;
    const path = Buffer.concat([dir, Buffer.from('/'), entry.name]);
    yield path;
    if (entry.isDirectory()) yield* walk(path);
  }
}

const lines = [];
for (const path of walk(Buffer.from(dir))) {
  let fd;
  try {
    fd = openat2Sync(path, { flags: O_PATH | O_NOFOLLOW });
  } catch {
    continue; // its directory may be read, but not searched
  }
  lines.push(`${checkExecSync(fd).allowed ? 1 : 0} ${path.toString('latin1')}`);
  closeSync(fd);
}
process.stdout.write(lines.join('\n'), 'latin1');
