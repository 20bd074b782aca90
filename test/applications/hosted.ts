/** An application that another program starts: systemd, or a container engine. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Application } from './applications.js';
import { makeReleases } from './install.js';
import { compare, deploy, mayexec, type Step, type Tools } from './steps.js';

const hosted: Application = {
  name: 'hosted',
  files: {
    'server.js': `const app = require('fastify')();
app.get('/', async () => 'hello of fastify');
app.inject('/').then(({ body }) => console.log(body));
`,
  },
  dependencies: { fastify: '5.12.7' },
  upgrade: { fastify: '5.12.8' },
  start: () => ['/srv/app/server.js'],
  path: '/',
  answers: /^hello of fastify$/m,
};

/** Runs /srv/app/server.js of an application, by `mayexec-run --lock` or with other options. */
export type Boot = (app: string, options?: string) => string;

function works(boot: Boot, app: string, options?: string): string {
  const output = boot(app, options);
  if (!hosted.answers.test(output)) throw new Error(output);
  return output;
}

export async function* underBoot(boot: Boot, tools: Tools, work: string): AsyncGenerator<Step> {
  mkdirSync(work, { recursive: true });
  const { first, second } = makeReleases(hosted, tools, work);
  const at = (name: string): string => join(work, name);
  const [one, other] = [at('one'), at('other')];
  deploy(first, one);
  await Promise.resolve();

  const output = works(boot, one, '--audit --audit-log stderr --log first');
  const lines = output.split('\n').filter((line) => line.startsWith('{'));
  writeFileSync(at('audit.jsonl'), `${lines.join('\n')}\n`);
  const refused = lines.filter((line) => line.includes('"wouldDeny":true')).length;
  if (refused === 0) throw new Error('nothing would be refused');
  yield ['audit', `${refused} would be refused`];

  const warned = works(boot, one, '--warn').match(/would be refused/g)?.length ?? 0;
  if (warned === 0) throw new Error('nothing was warned of');
  yield ['warn', `${warned} lines`];

  mayexec(tools, ['report', '--from-audit', at('audit.jsonl'), '--html', at('report.html')], 1);
  yield ['report', 'ok'];

  mayexec(tools, ['manifest', first, '--out', at('1.json')], 0);
  mayexec(tools, ['manifest', second, '--out', at('2.json')], 0);
  yield ['manifest', `${readFileSync(at('1.json'), 'utf8').split('\n').length - 3} files`];

  deploy(first, other);
  compare(tools, other, at('1.json'));
  yield ['verify', 'ok'];
  const seal = (manifest: string): void => {
    mayexec(tools, ['seal', other, '--manifest', at(manifest), '--no-journal'], 0);
    mayexec(tools, ['verify', other, '--manifest', at(manifest)], 0);
  };
  seal('1.json');
  yield ['seal', 'ok'];
  works(boot, other);
  yield ['run --lock', 'ok'];

  deploy(second, other);
  const said = boot(other);
  if (hosted.answers.test(said) || !said.includes('mayexec seal')) throw new Error(said);
  seal('2.json');
  works(boot, other);
  yield ['upgrade', 'ok'];

  deploy(first, other);
  mayexec(tools, ['verify', other, '--manifest', at('2.json')], 1);
  seal('1.json');
  works(boot, other);
  yield ['roll back', 'ok'];
}
