// What is read belongs to the file that was checked, and lies under the root, while another
// process rearranges all names there. Each file says in its text what it is.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import * as fs from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('swap.mjs', import.meta.url));

/** A file whose text is its mode and its inode. */
function plant(path, mode) {
  fs.writeFileSync(path, '', { mode });
  fs.chmodSync(path, mode);
  const { ino } = fs.statSync(path);
  fs.writeFileSync(path, `${mode === 0o755 ? 'executable' : 'plain'} ${ino}`);
  return path;
}

function plantAll(folder) {
  const root = join(folder, 'root');
  for (const name of ['root', 'outside', 'root/things', 'root/folders', 'root/folders/a'])
    fs.mkdirSync(join(folder, name));
  const secret = join(folder, 'outside/code');
  fs.writeFileSync(secret, 'outside', { mode: 0o755 });
  for (let i = 0; i < 3; i++) {
    plant(join(root, `things/executable-${i}`), 0o755);
    plant(join(root, `things/plain-${i}`), 0o644);
  }
  fs.symlinkSync(secret, join(root, 'things/absolute'));
  fs.symlinkSync('../outside/code', join(root, 'things/upwards'));
  fs.symlinkSync('things/executable-0', join(root, 'things/inside'));
  plant(join(root, 'folders/a/code'), 0o755);
  fs.symlinkSync(join(folder, 'outside'), join(root, 'folders/b'));
  fs.symlinkSync('../outside', join(root, 'folders/c'));
  return root;
}

const EXPECTED = ['PathEscapeError', 'SymlinkError', 'NotFoundError', 'RetryError'];

/** Reads in every form, for some seconds. Returns the counts, and what is not as it must be. */
export async function storm(mayexec, folder, seconds) {
  const root = plantAll(folder);
  const counts = { reads: 0, denied: 0, refused: {} };
  const wrong = [];
  const tell = (text) => wrong.length < 10 && wrong.push(text);

  const judge = (text, { allowed, ino } = {}) => {
    counts.reads++;
    const [kind, own] = text.split(' ');
    if (kind !== 'executable' && kind !== 'plain') tell(`a path led to ${JSON.stringify(text)}`);
    if (allowed !== undefined && allowed !== (kind === 'executable'))
      tell(`${text} has the verdict ${allowed}`);
    if (ino !== undefined && String(ino) !== own) tell(`${text} was read from ${ino}`);
  };
  const opened = (file) => {
    try {
      judge(file.textSync(), {
        allowed: file.verdict.allowed,
        ino: fs.fstatSync(file.fd).ino,
      });
    } finally {
      file.closeSync();
    }
  };
  const enforced = (text) => judge(text, { allowed: true });
  const forms = [
    (path, options) => opened(mayexec.openMayExecSync(path, options)),
    async (path, options) => opened(await mayexec.openMayExec(path, options)),
    (path, options) =>
      enforced(mayexec.readMayExecSync(path, { ...options, encoding: 'utf8', enforce: true })),
    async (path, options) =>
      enforced(await mayexec.readMayExec(path, { ...options, encoding: 'utf8', enforce: true })),
  ];

  const dir = fs.openSync(root, 'r');
  const attacker = spawn(process.execPath, [program, root], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(attacker.stdout, 'data');
  const rules = [{ beneath: true }, { inRoot: true }];
  const once_ = async (form, path, resolve) => {
    try {
      await form(path, { dir, resolve });
    } catch (error) {
      if (error.name === 'ExecDeniedError') counts.denied++;
      else if (EXPECTED.includes(error.name))
        counts.refused[error.name] = (counts.refused[error.name] ?? 0) + 1;
      else tell(String(error.stack));
    }
  };
  const end = Date.now() + seconds * 1000;
  while (Date.now() < end && attacker.exitCode === null) {
    const all = [];
    for (const form of forms)
      for (const resolve of rules)
        for (const path of ['code', 'sub/code', 'sub/../code'])
          all.push(once_(form, path, resolve));
    await Promise.all(all);
  }
  if (attacker.exitCode !== null) tell('the attacker ended');
  attacker.kill('SIGKILL');
  fs.closeSync(dir);
  return { counts, wrong };
}
