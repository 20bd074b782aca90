/** `npm run lab`: the tests on every kernel of the table in kernels.ts. */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { join } from 'node:path';
import { built } from './built.js';
import { lab } from './cache.js';
import { emulated } from './emulated.js';
import { tail } from './exec.js';
import { visit, type Request, type Visit } from './guest.js';
import { kernels, type KernelFeatures, type KernelName } from './kernels.js';
import { stay } from './machine.js';
import { program, through } from './programs.js';
import { readyMade } from './ready-made.js';
import { lacking } from './tools.js';
import { isFast, recipes } from './recipes.js';
import { countResults, suiteCommand } from './suite.js';

const usage = `usage: npm run lab -- [OPTION...] [KERNEL...] [-- COMMAND [ARGUMENT...]]
Runs the tests, or COMMAND, on the kernels named, or else on every one but host.
  --list           print the kernels and end
  --fast           all but the kernels that take minutes to build, and those in qemu
  --build-only     build what is missing and end
  --update         ask the archive for newer packages first
  --timeout=SEC    time for one kernel (900)`;

/**
 * The tests that repeat something a million times show little more on a kernel
 * of the lab, and a guest has one slow processor.
 */
const suiteEnvironment = { MAYEXEC_TEST_ALL: '1', MAYEXEC_TEST_SCALE: '0.01' };

/** Builds what the kernel needs, and says how to run a command there. */
async function prepare(
  name: KernelName,
  fresh: boolean,
): Promise<(request: Request) => Promise<Visit>> {
  const recipe = recipes[name];
  switch (recipe.kind) {
    case 'host':
      return (request) => stay([], request);
    case 'user-namespace':
      return (request) => stay(['sh', join(lab, 'user-namespace.sh')], request);
    case 'refusal': {
      const refuse = await program('refuse.c');
      const options = ['--errno', recipe.errno, '--syscall', recipe.syscalls.join(',')];
      return (request) => stay([refuse, ...options, '--'], request);
    }
    case 'ready-made':
    case 'emulated': {
      const kernel = await (recipe.kind === 'emulated'
        ? emulated(recipe, fresh)
        : readyMade(recipe, fresh));
      const setup = await through(recipe.setup);
      return (request) =>
        visit(kernel, {
          ...request,
          command: (report) => [...setup, ...request.command(report)],
        });
    }
    case 'built': {
      const { kernel, prefix, env } = await built(name, recipe, fresh);
      return (request) =>
        visit(kernel, {
          ...request,
          command: (report) => [...prefix, ...request.command(report)],
          env: { ...env, ...request.env },
        });
    }
  }
}

/** One build at a time: each uses every processor, and two may need the same. */
let turn: Promise<unknown> = Promise.resolve();
function inTurn<T>(act: () => Promise<T>): Promise<T> {
  const result = turn.then(act);
  turn = result.catch(() => undefined);
  return result;
}

/**
 * Repeats a run until it has a result, good or bad, because User Mode Linux itself crashes at
 * times.
 */
async function reported(
  go: (request: Request) => Promise<Visit>,
  request: Request,
): Promise<{ release: string; report: string }> {
  const { release, status, report, console } = await go(request);
  if (report === undefined) throw new Error(`no report, status ${status}\n${tail(console)}`);
  return { release, report };
}

const firstLine = (error: unknown): string => (error as Error).message.split('\n', 1)[0] ?? '';

interface Settings {
  command: readonly string[] | undefined;
  buildOnly: boolean;
  fresh: boolean;
  timeout: number;
}

function testsOn(name: KernelName): readonly string[] {
  const recipe = recipes[name];
  return ('tests' in recipe ? recipe.tests : undefined) ?? [];
}

/** Prints the line of one kernel; true where all is as it must be. */
async function runOn(name: KernelName, settings: Settings): Promise<boolean> {
  const { command, timeout } = settings;
  const started = performance.now();
  const line = (release: string, text: string): void => {
    const seconds = `${Math.round((performance.now() - started) / 1000)} s`;
    console.log([name.padEnd(16), release.padEnd(10), text, seconds].join('  '));
  };
  try {
    const go = await inTurn(() => prepare(name, settings.fresh));
    if (settings.buildOnly) {
      line('', 'built');
      return true;
    }
    const request: Request = {
      command: (report) => command ?? suiteCommand(report, testsOn(name)),
      env: { MAYEXEC_KERNEL: name, ...suiteEnvironment },
      timeout: timeout * 1000,
      live: command !== undefined,
    };
    if (command) {
      const { release, status } = await go(request);
      line(release, `status ${status}`);
      return status === 0;
    }
    const { release, report } = await reported(go, request).catch((error: unknown) => {
      line('', `once more, since the first run came to no result: ${firstLine(error)}`);
      return reported(go, request);
    });
    const features: KernelFeatures = kernels[name];
    const { passed, failed, notForThis, failures } = countResults(report, features);
    line(release, `${passed} passed, ${failed} failed, ${notForThis} not for this kernel`);
    for (const failure of failures) console.log(`  ${failure}`);
    return failures.length === 0;
  } catch (error) {
    line('', 'failed');
    console.log(`  ${(error as Error).message.replaceAll('\n', '\n    ')}`);
    return false;
  }
}

function isKernel(name: string): name is KernelName {
  return Object.hasOwn(kernels, name);
}

async function main(): Promise<boolean> {
  const argv = process.argv.slice(2);
  const end = argv.indexOf('--');
  const { values, positionals } = parseArgs({
    args: end < 0 ? argv : argv.slice(0, end),
    allowPositionals: true,
    options: {
      help: { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
      fast: { type: 'boolean', default: false },
      'build-only': { type: 'boolean', default: false },
      update: { type: 'boolean', default: false },
      timeout: { type: 'string', default: '900' },
    },
  });
  const all = Object.keys(kernels).filter(isKernel);
  const unknown = positionals.find((name) => !isKernel(name));
  const timeout = Number(values.timeout);
  if (values.help) {
    console.log(usage);
    return true;
  }
  if (unknown !== undefined || !(timeout > 0) || end === argv.length - 1) {
    console.error(unknown === undefined ? usage : `no kernel ${unknown}\n${usage}`);
    return false;
  }
  if (values.list) {
    for (const name of all) console.log(`${name.padEnd(16)}  ${kernels[name].about}`);
    return true;
  }
  const names =
    positionals.length > 0
      ? positionals.filter(isKernel)
      : all.filter((name) => (values.fast ? isFast(name) : name !== 'host'));
  const missing = lacking(names);
  if (missing.length > 0) {
    console.error(
      `this machine lacks what these kernels need: apt-get install ${missing.join(' ')}`,
    );
    return false;
  }
  const settings: Settings = {
    command: end < 0 ? undefined : argv.slice(end + 1),
    buildOnly: values['build-only'],
    fresh: values.update,
    timeout,
  };
  let right = true;
  const queue = [...names];
  const lane = async (): Promise<void> => {
    for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
      right = (await runOn(name, settings)) && right;
    }
  };
  // A guest has one processor. What a command prints must not be mixed.
  const lanes = settings.command === undefined ? availableParallelism() : 1;
  await Promise.all(Array.from({ length: lanes }, lane));
  return right;
}

process.exitCode = (await main()) ? 0 : 1;
