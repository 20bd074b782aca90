// COUNT opens in every form there is, half of them failing. Prints the fd table
// before and after.
import { readdirSync, readlinkSync, closeSync, openSync } from 'node:fs';

const [index, dir, count] = process.argv.slice(2);
const api = await import(index);
const {
  openMayExec,
  openMayExecSync,
  readMayExec,
  readMayExecSync,
  openat2,
  openat2Sync,
  checkExec,
  checkExecSync,
} = api;
const good = `${dir}/good`;
const denied = `${dir}/denied`;
const none = `${dir}/none`;
const enforce = true;

const fds = () =>
  readdirSync('/proc/self/fd')
    .map((fd) => {
      try {
        return `${fd} ${readlinkSync(`/proc/self/fd/${fd}`).replace(/\d+/g, 'N')}`;
      } catch {
        return undefined; // the directory that is being read
      }
    })
    .filter(Boolean)
    .sort();

const refuse = (f) => {
  try {
    f();
  } catch {
    return;
  }
  throw new Error(`did not fail: ${f}`);
};
const reject = async (f) => {
  try {
    await f();
  } catch {
    return;
  }
  throw new Error(`did not fail: ${f}`);
};

// Each does one open that succeeds and one that fails.
const sync = [
  () => {
    openMayExecSync(good).closeSync();
    refuse(() => openMayExecSync(denied, { enforce }));
  },
  () => {
    closeSync(openMayExecSync(good).detach());
    refuse(() => openMayExecSync(none));
  },
  () => {
    readMayExecSync(good);
    refuse(() => readMayExecSync(denied, { enforce }));
  },
  () => {
    closeSync(openat2Sync(good));
    refuse(() => openat2Sync(none, { resolve: { beneath: true } }));
  },
  () => {
    checkExecSync(self);
    refuse(() => checkExecSync(1 << 20));
  },
  () => {
    openMayExecSync(denied).closeSync();
    refuse(() => openMayExecSync(good, { resolve: 1n << 40n }));
  },
];
const promise = [
  async () => {
    await (await openMayExec(good)).close();
    await reject(() => openMayExec(denied, { enforce }));
  },
  async () => {
    await readMayExec(good);
    await reject(() => readMayExec(none));
  },
  async () => {
    closeSync(await openat2(good));
    await reject(() => openat2(none));
  },
  async () => {
    await checkExec(self);
    const controller = new AbortController();
    const aborted = openMayExec(good, { signal: controller.signal });
    controller.abort();
    await reject(() => aborted);
  },
  async () => {
    const file = await openMayExec(good);
    for await (const chunk of file.createReadStream()) void chunk;
    await reject(() => file.read());
  },
  async () => {
    const file = await openMayExec(good);
    const reading = file.read();
    file.closeSync();
    await reading;
    await reject(() => openMayExec(good, { signal: AbortSignal.abort() }));
  },
];

const self = openSync(good, 'r');
for (const f of sync) f();
await Promise.all(promise.map((f) => f()));

const before = fds();
let opens = 0;
while (opens < Number(count)) {
  // Promise forms cost more of the same code, so they are a tenth.
  for (let i = 0; i < 9; i++) for (const f of sync) f();
  await Promise.all(promise.map((f) => f()));
  opens += 2 * (9 * sync.length + promise.length);
}
await new Promise((done) => setTimeout(done, 50)); // streams close on a later turn
const after = fds();
console.log(JSON.stringify({ opens, before, after }));
