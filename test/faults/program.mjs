// program.mjs INDEX CONTROL ROWS: makes each call of ROWS (JSON) while one system call of it
// fails, and prints what came of it, what stayed open, and whether the next call works.
import * as fs from 'node:fs';

const [index, control, rows] = process.argv.slice(2);
const mayexec = await import(index);
const armed = fs.openSync(control, 'r+');
const numbers = new Int32Array(4);

/** Only the next `count` of these calls fail. */
function arm(nr, errno, count) {
  numbers.set([nr, errno, count, 0]);
  fs.writeSync(armed, numbers, 0, 16, 0);
}

/** Nothing fails from now on; returns how many calls failed. */
function disarm() {
  fs.readSync(armed, numbers, 0, 16, 0);
  const answered = numbers[3];
  arm(0, 0, 0);
  return answered;
}

/** A file that was handed over, as its verdict and content; it is closed. */
function handedOver(file) {
  const { verdict } = file;
  const text = file.textSync();
  file.closeSync();
  return { verdict, text };
}

/** An fd that was handed over; it is closed. */
function closed(fd) {
  fs.closeSync(fd);
  return { fd: true };
}

function withFd(path, use) {
  const fd = fs.openSync(path, 'r');
  const verdict = (() => {
    try {
      return { verdict: use(fd) };
    } finally {
      fs.closeSync(fd);
    }
  })();
  return verdict;
}

const calls = {
  openMayExecSync: ({ path, enforce }) => handedOver(mayexec.openMayExecSync(path, { enforce })),
  openMayExec: async ({ path, enforce }) =>
    handedOver(await mayexec.openMayExec(path, { enforce })),
  readMayExecSync: ({ path, enforce }) => ({
    text: String(mayexec.readMayExecSync(path, { enforce })),
  }),
  readMayExec: async ({ path, enforce }) => ({
    text: String(await mayexec.readMayExec(path, { enforce })),
  }),
  checkExecSync: ({ path }) => withFd(path, (fd) => mayexec.checkExecSync(fd)),
  openat2Sync: ({ path }) => closed(mayexec.openat2Sync(path)),
  openat2: async ({ path }) => closed(await mayexec.openat2(path)),
  getSecurebits: () => ({ securebits: mayexec.getSecurebits() }),
};

const openFds = () => fs.readdirSync('/proc/self/fd').length;

const described = ({ name, code, syscall, path, reason, verdict, message }) => ({
  name,
  code,
  syscall,
  path,
  reason,
  verdict,
  message,
});

const results = [];
for (const row of JSON.parse(fs.readFileSync(rows, 'utf8'))) {
  const call = calls[row.call];
  // Threads and fds that the first call of all makes for good.
  await call({ ...row, path: row.executable, enforce: false });
  const before = openFds();
  arm(row.nr, row.errno, row.count);
  let outcome;
  try {
    outcome = await call(row);
  } catch (error) {
    outcome = { error: described(error) };
  }
  const answered = disarm();
  const left = openFds() - before;
  const next = await call({ ...row, path: row.executable, enforce: true });
  results.push({ ...outcome, answered, left, next });
}
console.log(JSON.stringify(results));
