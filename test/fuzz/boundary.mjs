// boundary.mjs [--seconds N] [--seed N] [--addon]: calls every export of the package with
// arguments that nobody should pass, in this thread and in Workers that end midway.
// What may come of it is a result or one of the documented errors: no crash, no abort,
// no fd left open. The seed that it prints makes the same calls again.
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';

import { generator } from './random.mjs';
import { anything, isHostile, options } from './values.mjs';

const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '10' }, seed: { type: 'string' } },
});
const mayexec = await import(new URL('../../dist/index.js', import.meta.url));

/** Each stands for its kind: what may be executed, what may not, what is no file, what is not there. */
function plant() {
  const dir = fs.mkdtempSync(join(tmpdir(), 'mayexec-fuzz-'));
  fs.writeFileSync(join(dir, 'executable'), 'text', { mode: 0o755 });
  fs.writeFileSync(join(dir, 'plain'), 'text', { mode: 0o644 });
  fs.writeFileSync(join(dir, 'large'), Buffer.alloc(300_000), { mode: 0o755 });
  fs.mkdirSync(join(dir, 'directory'));
  fs.symlinkSync('loop', join(dir, 'loop'));
  fs.symlinkSync('executable', join(dir, 'link'));
  return dir;
}
const NAMES = ['executable', 'plain', 'large', 'directory', 'loop', 'link', 'missing', 'plain/x'];

/** By these a call would bind the process for good, or write where it is told. */
const LEFT_OUT = [
  'setSecurebits',
  'restrictExec',
  'enforcePolicy',
  'openAuditLog',
  'openSystemLog',
];
// A raw fd is its owner's to close: of a Worker that is ended it stays open, as in C.
const givesRawFd = (name) => !isMainThread && /^openat2/.test(name);
const functions = Object.entries(mayexec).filter(
  ([name, value]) =>
    typeof value === 'function' &&
    !/Error$|^ExecFile$/.test(name) &&
    !LEFT_OUT.includes(name) &&
    !givesRawFd(name),
);

const documented = (error) =>
  isHostile(error) ||
  error instanceof mayexec.SyscallError ||
  error instanceof mayexec.UnsupportedError ||
  error?.name === 'AbortError' ||
  ((error instanceof TypeError || error instanceof RangeError) && typeof error.code === 'string') ||
  // A value that cannot be converted, such as a Symbol or a detached array, in the language's own words.
  error instanceof TypeError ||
  error instanceof RangeError;

const counts = { calls: 0, results: 0, errors: 0 };

/** Uses what was handed over in one of the ways there are, and lets go of it. */
async function letGo(result, random) {
  if (result instanceof mayexec.ExecFile) {
    const uses = [
      () => result.read(),
      () => result.readSync(),
      () => result.text(),
      () => result.textSync(),
      () => result.close(),
      () => result.closeSync(),
      () => result[Symbol.dispose]?.(),
      () => isMainThread && fs.closeSync(result.detach()),
      () => result.createReadStream({ encoding: 'utf8' }).destroy(),
    ];
    for (let i = random.below(4); i > 0; i--) {
      try {
        await random.pick(uses)();
      } catch (error) {
        if (!documented(error) && error?.code === undefined) throw error;
      }
    }
    await result.close().catch(() => undefined);
  }
}

async function call(random, paths, depth = 0) {
  const [name, method] = random.pick(functions);
  counts.calls++;
  const again = () => {
    if (depth < 2) void call(random, paths, depth + 1).catch(fatal);
    return random.pick(paths);
  };
  const args = [];
  if (/^openat2|MayExec/.test(name) && random.chance(70)) args.push(random.pick(paths));
  if (random.chance(60)) args.push(options(random, paths, again));
  for (let i = random.below(3); i > 0; i--) args.push(anything(random, paths, again));
  // A number for an fd could name one of this process's own: only those that are not open.
  if (/^checkExec/.test(name)) args[0] = random.chance(50) ? 1000 + random.below(100) : args[0];
  try {
    const result = await method(...args);
    counts.results++;
    if (/^openat2/.test(name) && typeof result === 'number') fs.closeSync(result);
    await letGo(result, random);
  } catch (error) {
    if (!documented(error)) {
      throw new Error(`${name} gave an error that is not documented`, { cause: error });
    }
    counts.errors++;
  }
}

function fatal(error) {
  console.error(error);
  process.exit(1);
}

async function run(seed, paths, until) {
  const random = generator(seed);
  while (Date.now() < until) {
    const many = Array.from({ length: 1 + random.below(16) }, () => call(random, paths));
    await Promise.all(many);
  }
}

if (!isMainThread) {
  const { seed, paths, until } = workerData;
  await run(seed, paths, until).catch(fatal);
  parentPort.postMessage(counts);
} else {
  const seed = Number(values.seed ?? Date.now() % 2 ** 31);
  const seconds = Number(values.seconds);
  console.log(`seed ${seed}, ${seconds} s, Node ${process.version}`);
  const dir = plant();
  const paths = NAMES.map((name) => join(dir, name));
  const openFds = () =>
    fs.readdirSync('/proc/self/fd').flatMap((fd) => {
      try {
        return [`${fd} -> ${fs.readlinkSync(`/proc/self/fd/${fd}`)}`];
      } catch {
        return []; // the fd by which the list was read
      }
    });
  await run(seed, paths, Date.now() + 200); // threads, and what is loaded for good
  const before = openFds();
  const until = Date.now() + seconds * 1000;
  let workers = 0;
  const random = generator(seed + 1);
  // Most are ended in the middle of a call.
  const alongside = (async () => {
    while (Date.now() < until) {
      const worker = new Worker(new URL(import.meta.url), {
        workerData: { seed: seed + ++workers, paths, until },
        stderr: false,
      });
      worker.on('error', fatal);
      await new Promise((resolve) => setTimeout(resolve, 60 + random.below(200)));
      await worker.terminate();
    }
  })();
  await Promise.all([run(seed, paths, until), alongside]).catch(fatal);
  // What a collected ExecFile or an ended Worker had open is closed a moment later.
  for (let i = 0; i < 50 && openFds().length > before.length; i++) {
    globalThis.gc?.();
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  // A Worker that is ended while Node reads its modules leaves Node's own fd open.
  const left = openFds().filter((fd) => !before.includes(fd) && !/\.m?js$/.test(fd));
  fs.rmSync(dir, { recursive: true });
  console.log(
    `${counts.calls} calls, ${counts.results} results, ${counts.errors} errors, ${workers} Workers ended, ${left.length} fds left`,
  );
  if (left.length > 0) {
    console.log(left.join('\n'));
    process.exit(1);
  }
}
