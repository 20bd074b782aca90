// opens.mjs INDEX DIR COUNT: COUNT opens in every form there is, half of them
// failing; DIR/good may be executed. Prints the fd table before and after.
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

// The fd table once it stays as it is: streams, and opens that were aborted, close later.
async function settledFds() {
  for (let last = fds(); ;) {
    await new Promise((done) => setTimeout(done, 50));
    const now = fds();
    if (now.join() === last.join()) return now;
    last = now;
  }
}

// Where a filter refuses a system call, what needs it is unsupported.
const unlessUnsupported = (error) => {
  if (error.code !== 'ERR_MAYEXEC_UNSUPPORTED') throw error;
};
const may = (f) => {
  try {
    f();
  } catch (error) {
    unlessUnsupported(error);
  }
};
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
    may(() => openMayExecSync(good).closeSync());
    refuse(() => openMayExecSync(dir, { enforce }));
  },
  () => {
    may(() => closeSync(openMayExecSync(good).detach()));
    refuse(() => openMayExecSync(none));
  },
  () => {
    may(() => readMayExecSync(good));
    refuse(() => readMayExecSync(dir, { enforce }));
  },
  () => {
    may(() => closeSync(openat2Sync(good)));
    refuse(() => openat2Sync(none, { resolve: { beneath: true } }));
  },
  () => {
    may(() => checkExecSync(self));
    refuse(() => checkExecSync(1 << 20));
  },
  () => {
    may(() => openMayExecSync(good, { resolve: { noMagiclinks: true } }).closeSync());
    refuse(() => openMayExecSync(good, { resolve: 1n << 40n }));
  },
];
const promise = [
  async () => {
    await openMayExec(good).then((file) => file.close(), unlessUnsupported);
    await reject(() => openMayExec(dir, { enforce }));
  },
  async () => {
    await readMayExec(good).catch(unlessUnsupported);
    await reject(() => readMayExec(none));
  },
  async () => {
    await openat2(good).then(closeSync, unlessUnsupported);
    await reject(() => openat2(none));
  },
  async () => {
    await checkExec(self).catch(unlessUnsupported);
    const controller = new AbortController();
    const aborted = openMayExec(good, { signal: controller.signal });
    controller.abort();
    await reject(() => aborted);
  },
  async () => {
    await openMayExec(good).then(async (file) => {
      for await (const chunk of file.createReadStream()) void chunk;
      await reject(() => file.read());
    }, unlessUnsupported);
    await reject(() => openMayExec(none));
  },
  async () => {
    await openMayExec(good).then(async (file) => {
      const reading = file.read();
      file.closeSync();
      await reading;
    }, unlessUnsupported);
    await reject(() => openMayExec(good, { signal: AbortSignal.abort() }));
  },
];

const self = openSync(good, 'r');
for (const f of sync) f();
await Promise.all(promise.map((f) => f()));

const before = await settledFds();
let opens = 0;
while (opens < Number(count)) {
  // Promise forms cost more of the same code, so they are a tenth.
  for (let i = 0; i < 9; i++) for (const f of sync) f();
  await Promise.all(promise.map((f) => f()));
  opens += 2 * (9 * sync.length + promise.length);
}
const after = await settledFds();
console.log(JSON.stringify({ opens, before, after }));
