/**
 * When an audit finds nothing, a restriction will refuse nothing. With a log alone each way in of
 * every table runs, and the log has a record of it. For every second way the record is also
 * compared with the refusal under both securebits. Other tests show that both refuse each way.
 *
 * Each way runs on one Node, and the next way on the next Node. MAYEXEC_EVERY_NODE=1 compares all of
 * them on every Node, which takes half an hour.
 */
import { chmodSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { preload } from '../support/built.js';
import { BUILT, Executables, type Built } from '../executable/executables.js';
import { Fixture } from './fixture.js';
import { PolicyHost } from './policy-host.js';
import { everyNode, MAJORS, nodeBinary, nodesOf, type Major } from './versions.js';
import { auditedWays, exceptions, type AuditedWay } from './ways-in-audit.js';

const hosts = {
  nothing: new PolicyHost({}),
  // Locked: a program that may clear its securebits is restricted by nothing.
  both: new PolicyHost({
    restrictFile: true,
    restrictFileLocked: true,
    denyInteractive: true,
    denyInteractiveLocked: true,
  }),
};
const fixture = new Fixture();
const executables = new Executables();

const BUILD_MS = 300_000;
beforeAll(async () => {
  for (const major of BUILT) await executables.build(major, []);
}, BUILD_MS);

afterAll(() => {
  for (const host of Object.values(hosts)) host.close();
  rmSync(fixture.root, { recursive: true });
  executables.remove();
});

/** What a log says of one verdict. */
interface Line {
  readonly operation: string;
  readonly origin?: string;
  readonly path?: string;
  readonly option?: string;
  readonly gate?: string;
  readonly denied: boolean;
  readonly wouldDeny: boolean;
}

interface Watched {
  readonly ran: boolean;
  readonly lines: readonly Line[];
  /** All of it, for the message of a failed test. */
  readonly said: string;
}

/** Runs a way with a log. */
async function watched(
  policy: keyof typeof hosts,
  major: Major,
  { title, way, says, unapproved, watchedBy, refusedBy, built }: AuditedWay,
): Promise<Watched> {
  const cwd = fixture.folder(`${policy} ${major} ${title}`, way, 0o644);
  for (const name of unapproved) chmodSync(join(cwd, name), 0o644);
  const log = join(fixture.root, `${cwd.split('/').at(-1) ?? ''}.jsonl`);
  const outcome = await hosts[policy].run({
    file: built ? executables.path(major as Built) : nodeBinary(major),
    args: way.args,
    cwd,
    env: {
      // `node` in a script is that Node, too.
      PATH: `${dirname(nodeBinary(major))}:${process.env['PATH'] ?? ''}`,
      ...way.env,
      NODE_OPTIONS: `--require ${preload}`,
      MAYEXEC_AUDIT_LOG: log,
      ...(policy === 'nothing' ? watchedBy : refusedBy),
    },
    input: way.input,
    stdinFile: way.stdinFile,
    endsAt: way.endsAt,
  });
  const text = existsSync(log) ? readFileSync(log, 'utf8').replaceAll(`${cwd}/`, '/') : '';
  // Two thousand folders at the end would take longer than a test may.
  rmSync(cwd, { recursive: true });
  const lines = text.split('\n').filter(Boolean);
  return {
    ran: says.test(outcome.stdout) || /^RAN/m.test(outcome.stderr),
    lines: lines.map((line) => JSON.parse(line) as Line),
    said: JSON.stringify({ ...outcome, lines }, null, 1),
  };
}

const what = ({ operation, path, option, gate }: Line): string =>
  `${operation} ${option ?? gate ?? (path?.startsWith('/') === true ? path : 'no file')}`;

const rows = auditedWays.flatMap((audited, at) =>
  nodesOf<Major>(audited.way, at, audited.built ? BUILT : MAJORS).map((major) => ({
    title: `${audited.title}, Node ${major}`,
    audited,
    major,
    isCompared: everyNode || at % 2 === 0,
  })),
);

/** Two commands, of which each may take 50 s. */
const SLOWEST_MS = 120_000;

test('each exception is of a way', () => {
  const titles = auditedWays.map(({ title }) => title);
  expect(titles).toEqual(expect.arrayContaining(Object.keys(exceptions)));
});

describe('the audit tells of what is refused', () => {
  test.concurrent.for(rows)('$title', { timeout: SLOWEST_MS }, async (row, { expect: expects }) => {
    const { audited, major, isCompared } = row;
    const { untold, changed, otherwise } = exceptions[audited.title] ?? {};
    const open = await watched('nothing', major, audited);
    const found = open.lines.filter(({ wouldDeny }) => wouldDeny).map(what);
    // An exception that is none any more is to be taken out of the table.
    expects(open.ran, open.said).toBe(changed === undefined);
    expects(found.length > 0, open.said).toBe(untold === undefined);

    if (!isCompared) return;
    const closed = await watched('both', major, audited);
    // What is refused about a program that is started has a record of its own.
    const refused = closed.lines
      .filter(({ denied, origin }) => denied && origin !== 'child-process')
      .map(what);
    expects(closed.ran, closed.said).toBe(false);
    if (untold ?? otherwise) return;
    expects(found).toEqual(expect.arrayContaining(refused));
  });
});
