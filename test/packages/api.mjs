// Every call of the API once, in whatever runtime this is. Prints how many did as in Node.
import assert from 'node:assert/strict';
import { Buffer } from 'node:buffer';
import fs from 'node:fs';
import fsp from 'node:fs/promises';
import process from 'node:process';
import * as mayexec from 'mayexec';

const { constants } = mayexec;
const text = 'line one\nline two\n';
fs.writeFileSync('code', `\uFEFF${text}`);
fs.chmodSync('code', 0o755);
fs.writeFileSync('plain', text);
fs.chmodSync('plain', 0o644);
const size = Buffer.byteLength(`\uFEFF${text}`);

async function total(stream) {
  let length = 0;
  for await (const chunk of stream) length += chunk.length;
  return length;
}
async function opened(use) {
  const file = await mayexec.openMayExec('code');
  try {
    return await use(file);
  } finally {
    await file.close();
  }
}
function closing(fd, use) {
  try {
    return use(fd);
  } finally {
    fs.closeSync(fd);
  }
}

/** Those that lead to files of this folder. A runtime may open fds of its own at any time. */
function openFds() {
  const here = process.cwd();
  return fs.readdirSync('/proc/self/fd').filter((fd) => {
    try {
      return fs.readlinkSync(`/proc/self/fd/${fd}`).startsWith(here);
    } catch {
      return false; // The fd by which the list was read.
    }
  });
}

const CALLS = {
  'openMayExec, text': [text, () => opened((file) => file.text())],
  'openMayExec, read': [size, () => opened(async (file) => (await file.read()).length)],
  'openMayExec, stat': [size, () => opened(async (file) => (await file.stat()).size)],
  'openMayExec, statSync': [size, () => opened((file) => file.statSync().size)],
  'openMayExec, fd read by node:fs': [
    3,
    () => opened(({ fd }) => fs.readSync(fd, Buffer.alloc(3), 0, 3, 0)),
  ],
  'openMayExec, createReadStream': [size, () => opened((file) => total(file.createReadStream()))],
  'openMayExec, a stream of text': [
    text.length,
    () => opened((file) => total(file.createReadStream({ encoding: 'utf8' }))),
  ],
  'openMayExec, readLines': [
    'line one, line two',
    () => opened(async (file) => (await Array.fromAsync(file.readLines())).join(', ')),
  ],
  'openMayExec, readableWebStream': [size, () => opened((file) => total(file.readableWebStream()))],
  'openMayExec, detach': [
    size,
    () => opened((file) => closing(file.detach(), (fd) => fs.fstatSync(fd).size)),
  ],
  'openMayExec, asyncDispose': [
    -1,
    async () => {
      const file = await mayexec.openMayExec('code');
      await file[Symbol.asyncDispose]();
      return file.fd;
    },
  ],
  'openMayExec, an aborted signal': [
    'AbortError',
    () => mayexec.openMayExec('code', { signal: AbortSignal.abort() }).catch(({ name }) => name),
  ],
  'openMayExecSync, textSync': [
    text,
    () => {
      const file = mayexec.openMayExecSync('code');
      try {
        return file.textSync();
      } finally {
        file.closeSync();
      }
    },
  ],
  readMayExec: [size, async () => (await mayexec.readMayExec('code')).length],
  'readMayExecSync, text': [text, () => mayexec.readMayExecSync('code', 'utf8')],
  'readMayExecSync of what is refused': [
    'ExecDeniedError: mode',
    () => {
      try {
        return mayexec.readMayExecSync('plain', { enforce: true });
      } catch ({ name, verdict }) {
        return `${name}: ${verdict.reason}`;
      }
    },
  ],
  readFirstMayExec: ['code', async () => (await mayexec.readFirstMayExec(['none', 'code'])).path],
  'checkExecSync, a number': [
    false,
    () => closing(fs.openSync('plain'), (fd) => mayexec.checkExecSync(fd).allowed),
  ],
  'checkExec, a FileHandle': [
    true,
    async () => {
      const handle = await fsp.open('code');
      try {
        return (await mayexec.checkExec(handle)).allowed;
      } finally {
        await handle.close();
      }
    },
  ],
  'checkExec, an ExecFile': [true, () => opened(async (f) => (await mayexec.checkExec(f)).allowed)],
  'openat2, read by node:fs': [
    3,
    async () =>
      closing(await mayexec.openat2('code'), (fd) => fs.readSync(fd, Buffer.alloc(3), 0, 3, 0)),
  ],
  'openat2Sync, a directory for dir': [
    size,
    () =>
      closing(
        mayexec.openat2Sync('.', { flags: constants.O_PATH }),
        (dir) => mayexec.readMayExecSync('code', { dir, resolve: { beneath: true } }).length,
      ),
  ],
  'checkInteractive, an fd': [
    false,
    () => closing(fs.openSync('plain'), (fd) => mayexec.checkInteractive({ fd }).allowed),
  ],
  probe: ['at_execve_check', () => mayexec.probe().mechanism],
  getSecurebits: [false, () => mayexec.getSecurebits().restrictFile],
};

let right = 0;
for (const [name, [expected, call]] of Object.entries(CALLS)) {
  const before = openFds();
  try {
    assert.deepEqual(await call(), expected);
    assert.deepEqual(openFds(), before, 'an fd stays open');
    right++;
  } catch (error) {
    console.log(`${name}: ${error.name}: ${error.message}`);
  }
}
console.log(`${right} of ${Object.keys(CALLS).length} calls`);
