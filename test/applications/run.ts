/** `npm run applications`: each application from its audit to its roll back. See README.md. */
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { isInstalled } from '../../lab/installed.js';
import { table } from '../../src/cli/table.js';
import { applications, type Application } from './applications.js';
import { underBoot } from './hosted.js';
import { byPodman } from './podman.js';
import { installManagers, makeReleases } from './install.js';
import { freePort, serve, type Outcome } from './serve.js';
import { commandOf, compare, deploy, mayexec, STEPS, type Step, type Tools } from './steps.js';
import { bySystemd } from './systemd.js';

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    node: { type: 'string', default: 'node_modules/node-24/bin/node' },
    only: { type: 'string', multiple: true },
  },
});
// What others may write is not sealed.
process.umask(0o022);
const checkout = fileURLToPath(new URL('../..', import.meta.url));
const folder = resolve(positionals[0] ?? join(checkout, 'build', 'applications'));
const tools: Tools = {
  checkout,
  node: resolve(checkout, values.node),
  folder: join(folder, 'tools'),
};

type Row = Partial<Record<Step[0], string>>;

class Trial {
  readonly #application: Application;
  readonly #work: string;
  readonly #state: string;

  constructor(application: Application, work: string) {
    this.#application = application;
    this.#work = work;
    this.#state = join(work, 'state');
    mkdirSync(this.#state, { recursive: true });
  }

  async serve(root: string, options: readonly string[]): Promise<Outcome> {
    const port = await freePort();
    const state = this.#state;
    const { start, path } = this.#application;
    const words = ['run', ...options, '--', tools.node, ...start({ root, state, port })];
    const env = {
      ...process.env,
      HOME: state,
      PORT: String(port),
      NEXT_TELEMETRY_DISABLED: '1',
      PATH: `${dirname(tools.node)}:${process.env['PATH'] ?? ''}`,
    };
    return serve([...commandOf(tools), ...words], { cwd: root, env, port, path });
  }

  async works(root: string, options: readonly string[]): Promise<Outcome> {
    const outcome = await this.serve(root, options);
    const { answer, stderr } = outcome;
    if (answer === undefined || !this.#application.answers.test(answer)) {
      throw new Error(`run ${options.join(' ')}: it answers ${String(answer)}\n${stderr}`);
    }
    return outcome;
  }

  /** The start is refused by name, and nothing answers. */
  async isRefused(root: string): Promise<void> {
    const { answer, status, stderr } = await this.serve(root, ['--lock']);
    if (answer !== undefined || status === 0 || !stderr.includes('mayexec seal')) {
      throw new Error(`it is not refused: ${String(answer)}, status ${String(status)}\n${stderr}`);
    }
  }

  async *steps(): AsyncGenerator<Step> {
    const work = this.#work;
    const at = (name: string): string => join(work, name);
    const { first, second } = makeReleases(this.#application, tools, work);
    const [one, other] = [at('one'), at('other')];
    deploy(first, one);

    const log = at('audit.jsonl');
    rmSync(log, { force: true });
    await this.works(one, ['--audit', '--audit-log', log, '--log', 'first']);
    const lines = readFileSync(log, 'utf8')
      .split('\n')
      .filter((line) => line.includes('"wouldDeny":true'));
    if (lines.length === 0) throw new Error('nothing would be refused');
    yield ['audit', `${lines.length} would be refused`];

    const { stderr } = await this.works(one, ['--warn']);
    const warned = stderr.split('\n').filter((line) => line.includes('would be refused')).length;
    if (warned === 0) throw new Error('nothing was warned of');
    yield ['warn', `${warned} lines`];

    const words = ['--from-audit', log, '--scan', one, '--html', at('report.html')];
    mayexec(tools, ['report', ...words], 1);
    yield ['report', 'ok'];

    mayexec(tools, ['manifest', first, '--out', at('1.json')], 0);
    mayexec(tools, ['manifest', second, '--out', at('2.json')], 0);
    yield ['manifest', `${readFileSync(at('1.json'), 'utf8').split('\n').length - 3} files`];

    deploy(first, other);
    compare(tools, other, at('1.json'));
    yield ['verify', 'ok'];

    mayexec(tools, ['seal', other, '--manifest', at('1.json'), '--no-journal'], 0);
    mayexec(tools, ['verify', other, '--manifest', at('1.json')], 0);
    yield ['seal', 'ok'];
    await this.works(other, ['--lock']);
    yield ['run --lock', 'ok'];

    deploy(second, other);
    await this.isRefused(other);
    mayexec(tools, ['verify', other, '--manifest', at('1.json')], 1);
    mayexec(tools, ['seal', other, '--manifest', at('2.json'), '--no-journal'], 0);
    await this.works(other, ['--lock']);
    yield ['upgrade', 'ok'];

    deploy(first, other);
    mayexec(tools, ['verify', other, '--manifest', at('2.json')], 1);
    mayexec(tools, ['seal', other, '--manifest', at('1.json'), '--no-journal'], 0);
    mayexec(tools, ['verify', other, '--manifest', at('1.json')], 0);
    await this.works(other, ['--lock']);
    yield ['roll back', 'ok'];
  }
}

const tell = (text: string): void => void process.stdout.write(`${text}\n`);
const rows: (readonly string[])[] = [];
let failures = 0;

async function record(name: string, steps: AsyncIterable<Step>): Promise<void> {
  const row: Row = {};
  try {
    for await (const [step, said] of steps) {
      row[step] = said;
      tell(`${name}: ${step}: ${said}`);
    }
  } catch (error) {
    failures += 1;
    const missed = STEPS.find((step) => row[step] === undefined);
    if (missed !== undefined) row[missed] = 'FAILED';
    tell(`${name}: ${String(missed)} FAILED: ${(error as Error).message}`);
  }
  rows.push([name, ...STEPS.map((step) => row[step] ?? '')]);
}

const isWanted = (name: string): boolean =>
  values.only === undefined || values.only.some((word) => name.includes(word));

mkdirSync(tools.folder, { recursive: true });
installManagers(tools);
for (const application of applications.filter(({ name }) => isWanted(name))) {
  const work = join(folder, application.name.replaceAll(/\W+/g, '-'));
  await record(application.name, new Trial(application, work).steps());
}
if (isWanted('systemd unit')) {
  await record('systemd unit', underBoot(bySystemd(tools), tools, join(folder, 'hosted')));
}
if (isWanted('podman')) {
  if (isInstalled('podman')) {
    const { boot, end } = byPodman(tools);
    await record('podman', underBoot(boot, tools, join(folder, 'hosted')));
    end();
  } else tell('podman: left out: apt-get install podman crun');
}
tell(`\n${table(rows, ['application', ...STEPS])}`);
tell(failures === 0 ? '\nall ok' : `\n${failures} failed`);
process.exitCode = failures === 0 ? 0 : 1;
