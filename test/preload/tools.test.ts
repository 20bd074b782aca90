/**
 * The tools of examples/ that load their users' JavaScript, each with its lines of mayexec:
 * every way in that it has, under each of the four policies. On one Node, for the hooks
 * themselves are tried on each of them (modules.test.ts).
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect } from 'vitest';

import { needs } from '../support/kernel.js';
import { policies } from '../support/policies.js';
import { sandbox } from '../support/sandbox.js';
import { PolicyHost, type Outcome } from './policy-host.js';
import { always, example, NONE, tools, X, type ToolWay } from './tool-ways.js';
import { nodeBinary } from './versions.js';

const box = sandbox();

const hosts = policies.map(([, bits]) => new PolicyHost(bits));
afterAll(() => {
  for (const host of hosts) host.close();
});

let folders = 0;

function makeFolder(files: ToolWay['files'] = {}): string {
  const folder = box.directory(`way-${++folders}`);
  for (const [name, [mode, text]] of Object.entries(files)) {
    box.file(`way-${folders}/${name}`, mode, text);
  }
  return folder;
}

async function run(
  tool: string,
  { args, stdin }: ToolWay,
  cwd: string,
  at: number,
): Promise<Outcome> {
  const host = hosts[at];
  if (host === undefined) throw new Error(`there is no policy ${at}`);
  return host.run({
    file: nodeBinary(24),
    args: ['--no-warnings', example(tool), ...args],
    cwd,
    ...(stdin === undefined ? {} : 'file' in stdin ? { stdinFile: join(cwd, stdin.file) } : {}),
    input: stdin !== undefined && 'text' in stdin ? stdin.text : undefined,
  });
}

describe.each(tools)('examples/%s', (tool, ways) => {
  describe.each(ways.map((way) => [way.title, way] as const))('%s', (_title, way) => {
    const folder = makeFolder(way.files);
    for (const [at, [policy]] of policies.entries()) {
      const runs = way.runs[at] === true;
      needs('execveCheck')(`${runs ? 'runs' : 'is refused'} under ${policy}`, async () => {
        const { status, stdout, stderr } = await run(tool, way, folder, at);
        expect({ status, stdout, stderr }).toEqual(
          runs
            ? { status: 0, stdout: expect.stringMatching(/^script$/m) as string, stderr: '' }
            : {
                status: 1,
                stdout: '',
                stderr: expect.stringMatching(/^\w+: EACCES: permission denied/) as string,
              },
        );
      });
    }
  });
});

describe("jiti's cache of what it has compiled", () => {
  const folder = makeFolder({
    'script.ts': [X, `const word: string = 'script'; console.log(word);`],
  });
  box.directory(`way-${folders}/node_modules/.cache/jiti`);
  const cache = join(folder, 'node_modules/.cache/jiti');
  const cli = fileURLToPath(import.meta.resolve('jiti/package.json')).replace(
    /package\.json$/,
    'lib/jiti-cli.mjs',
  );
  const plain = (): string =>
    execFileSync(nodeBinary(24), [cli, 'script.ts'], { cwd: folder, encoding: 'utf8' });

  needs('execveCheck')('is run by jiti itself, whoever wrote it', () => {
    expect(plain()).toBe('script\n');
    for (const name of readdirSync(cache)) {
      const file = join(cache, name);
      writeFileSync(file, readFileSync(file, 'utf8').replaceAll("'script'", "'cached'"));
      chmodSync(file, NONE);
    }
    expect(plain()).toBe('cached\n');
  });
  for (const [at, [policy]] of policies.entries()) {
    needs('execveCheck')(`is not run by the example under ${policy}`, async () => {
      const way = { title: '', args: ['script.ts'], runs: always };
      expect(await run('jiti/jiti.mjs', way, folder, at)).toMatchObject({
        stdout: 'script\n',
        stderr: '',
      });
    });
  }
});

describe('a Jakefile in another language', () => {
  const folder = makeFolder({ 'Jakefile.coffee': [NONE, `task 'default', -> console.log 'ran'`] });
  for (const [at, [policy]] of policies.entries()) {
    needs('execveCheck')(`is not read under ${policy}`, async () => {
      const way = { title: '', args: [], runs: always };
      const { status, stdout } = await run('jake/jake.mjs', way, folder, at);
      expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    });
  }
});
