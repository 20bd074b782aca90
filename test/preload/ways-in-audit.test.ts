/**
 * Nothing found in an audit means that nothing will be refused: what both bits refuse, a log
 * tells of where nothing is enforced.
 */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect } from 'vitest';

import { needs } from '../support/kernel.js';
import { Fixture } from './fixture.js';
import { policies } from './kernel-cases.js';
import { PolicyHost } from './policy-host.js';
import { nodeBinary, preload, type Major } from './versions.js';
import { routes, waysIn, type WayIn } from './ways-in.js';

const hosts = { nothing: new PolicyHost({}), both: new PolicyHost(policies.both) };
const fixture = new Fixture();

afterAll(() => {
  for (const host of Object.values(hosts)) host.close();
  rmSync(fixture.root, { recursive: true });
});

/** What a log says of one verdict. */
interface Line {
  operation: string;
  path?: string;
  option?: string;
  gate?: string;
  denied: boolean;
  wouldDeny: boolean;
}

/** Runs a way with a log. */
async function watched(policy: keyof typeof hosts, major: Major, way: WayIn): Promise<Line[]> {
  const cwd = fixture.folder(`${policy} ${major} ${way.name}`, way, 0o644);
  const log = join(fixture.root, `${cwd.split('/').at(-1) ?? ''}.jsonl`);
  await hosts[policy].run({
    file: nodeBinary(major),
    args: way.args,
    cwd,
    env: {
      // `node` in a script is that Node, too.
      PATH: `${dirname(nodeBinary(major))}:${process.env['PATH'] ?? ''}`,
      ...way.env,
      NODE_OPTIONS: `--require ${preload}`,
      MAYEXEC_AUDIT_LOG: log,
    },
    input: way.input,
    stdinFile: way.stdinFile,
    endsAt: way.endsAt,
  });
  if (!existsSync(log)) return [];
  const lines = readFileSync(log, 'utf8').split('\n').filter(Boolean);
  return lines.map((line) => JSON.parse(line.replaceAll(`${cwd}/`, '/')) as Line);
}

const what = ({ operation, path, option, gate }: Line): string =>
  `${operation} ${option ?? gate ?? (path?.startsWith('/') === true ? path : 'no file')}`;

/** Those of plain programs, and the module hooks that Node has no check for. */
const ways = [
  ...waysIn,
  ...routes.filter(({ name }) => name === 'Module._extensions with a builtin name'),
];

describe.for([22] as const)('Node %i', (major) => {
  for (const way of ways) {
    const { name, since = 0, until = 99 } = way;
    if (major < since || major > until) continue;
    needs('execveCheck')(`${name}: the log tells of what is refused`, async () => {
      const found = (await watched('nothing', major, way))
        .filter(({ wouldDeny }) => wouldDeny)
        .map(what);
      const refused = (await watched('both', major, way)).filter(({ denied }) => denied);
      expect(found).not.toEqual([]);
      expect(found).toEqual(expect.arrayContaining(refused.map(what)));
    });
  }
});
