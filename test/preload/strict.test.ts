import { rmSync } from 'node:fs';

import { afterAll, describe, expect, test } from 'vitest';

import { preload } from '../support/built.js';
import type { Gate } from '../../src/preload/guard/gates.js';
import { Fixture } from './fixture.js';
import { PolicyHost, type Outcome } from './policy-host.js';
import { runStrict } from './run-strict.js';
import { ordinary, strictWays, type StrictWay } from './strict-ways.js';
import { MAJORS, nodeBinary, rowsOn, type Major } from './versions.js';

const host = new PolicyHost({ restrictFile: true, denyInteractive: true });
const fixture = new Fixture();

afterAll(() => {
  host.close();
  rmSync(fixture.root, { recursive: true });
});

/** With the preload alone, or under strict with gates left open. */
async function run(major: Major, way: StrictWay, allow?: readonly Gate[]): Promise<Outcome> {
  const { program, args, open = [] } = way;
  const cwd = fixture.folder('strict', { name: '', kind: 'file', args, files: program }, 0o644);
  if (allow !== undefined) return runStrict(host, { major, args, cwd, allow: [...open, ...allow] });
  const env = { NODE_OPTIONS: `--require=${preload}` };
  return host.run({ file: nodeBinary(major), args, cwd, env });
}

const said = (outcome: Outcome): string => JSON.stringify(outcome, null, 1);

/** The option or the gate that a refusal names; several where the program tries again. */
function named({ option, gate }: StrictWay): RegExp {
  if (option !== undefined) return new RegExp(`the option ${option} .*open the gate`, 's');
  return new RegExp(`--strict.* open the gate '${String(gate)}'`, 's');
}

describe.for(MAJORS)('strict on Node %i', (major) => {
  describe.for(rowsOn(major, strictWays, MAJORS))('$name', (way) => {
    const { gate } = way;
    test.concurrent('runs without strict', async () => {
      const outcome = await run(major, way);
      expect(outcome.stdout, said(outcome)).toContain('RAN');
    });
    test.concurrent('is refused by strict', async () => {
      const outcome = await run(major, way, []);
      expect(outcome.stdout, said(outcome)).not.toContain('RAN');
      if (gate !== undefined && way.unsaid !== true) expect(outcome.stderr).toMatch(named(way));
    });
    // Not every way has a gate to be let open.
    if (gate === undefined) return;
    test.concurrent('runs with the gate open', async () => {
      const outcome = await run(major, way, [gate]);
      expect(outcome.stdout, said(outcome)).toContain('RAN');
    });
  });
  test.concurrent.for(rowsOn(major, ordinary, MAJORS))('$name goes on', async (way) => {
    const outcome = await run(major, way, []);
    expect(outcome.stdout, said(outcome)).toContain('RAN');
  });
});
