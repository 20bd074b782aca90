/** `mayexec report`: what the page says. test/cli/report-page.test.ts looks at it in a browser. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';

import { Evidence, LIMITS } from '../../src/cli/page/evidence.js';
import { printable } from '../../src/cli/terminal.js';
import { mayexec, temporary, tree, type Result } from './run.js';

type Fields = Record<string, unknown>;

const allowed = { allowed: true, denied: false, wouldDeny: false, mechanism: 'at_execve_check' };
const refused = { ...allowed, allowed: false, wouldDeny: true, errno: 'EACCES', reason: 'mode' };
const noexec = { ...refused, reason: 'noexec-mount' };

/** A record of a file on a day of March 2026. */
function record(day: number, fields: Fields): Fields {
  const time = `2026-03-${String(day).padStart(2, '0')}T08:00:00.000Z`;
  return { time, host: 'web-1', program: '/srv/app/server.js', path: '/srv/app/a.js', ...fields };
}

const text = (records: readonly Fields[]): string =>
  records.map((one) => `${JSON.stringify(one)}\n`).join('');

async function report(
  log: string,
  more: string[] = [],
): Promise<Result & { page: string; title: string }> {
  const folder = temporary();
  const [file, html] = [join(folder, 'app.jsonl'), join(folder, 'report.html')];
  writeFileSync(file, log);
  const result = await mayexec(['report', '--from-audit', file, '--html', html, ...more]);
  const page = readFileSync(html, 'utf8');
  return { ...result, page, title: /<title>(.*)<\/title>/.exec(page)?.[1] ?? '' };
}

describe('the title and the status:', () => {
  const cases: [what: string, log: string, title: string, status: number][] = [
    ['an empty log', '', 'The logs have no record', 2],
    ['one record', text([record(1, allowed)]), 'Nothing would be refused', 0],
    ['a refusal', text([record(1, refused)]), '1 file would be refused', 1],
    [
      'the same file twice',
      text([record(1, refused), record(2, refused)]),
      '1 file would be refused',
      1,
    ],
    [
      'refused and later allowed',
      text([record(1, refused), record(2, allowed)]),
      'Nothing would be refused',
      0,
    ],
    [
      'the same in the other order of lines',
      text([record(2, allowed), record(1, refused)]),
      'Nothing would be refused',
      0,
    ],
    [
      'allowed and later refused',
      text([record(1, allowed), record(2, refused)]),
      '1 file would be refused',
      1,
    ],
    [
      'allowed and refused at the same moment',
      text([record(1, refused), record(1, allowed)]),
      '1 file would be refused',
      1,
    ],
    [
      'allowed later, but on another host',
      text([record(1, refused), record(2, { ...allowed, host: 'web-2' })]),
      '1 file would be refused',
      1,
    ],
    [
      'JSON, which is data',
      text([record(1, { ...refused, wouldDeny: false, path: '/srv/app/a.json' })]),
      'Nothing would be refused',
      0,
    ],
    [
      'an option',
      text([record(1, { ...refused, path: undefined, reason: undefined, option: '--loader' })]),
      '1 thing would be refused',
      1,
    ],
    [
      'a file and a gate',
      text([record(1, refused), record(1, { ...refused, path: undefined, gate: 'eval' })]),
      '1 file and 1 other thing would be refused',
      1,
    ],
    [
      'a line that is torn',
      `${text([record(1, allowed)])}{"time":"20`,
      'Nothing that could be read would be refused',
      2,
    ],
    [
      'lost lines',
      text([record(1, allowed), { time: record(1, {})['time'], dropped: 3 }]),
      'Nothing that could be read would be refused',
      2,
    ],
    [
      'a kernel without a check',
      text([record(1, { ...allowed, mechanism: 'emulated' })]),
      'Nothing that could be read would be refused',
      2,
    ],
    [
      'code in an archive, which is refused without a question',
      text([record(1, { ...refused, reason: undefined, mechanism: 'none' })]),
      '1 file would be refused',
      1,
    ],
    [
      'a refusal by the kernel, in a log that does not say what it means',
      text([record(1, { ...refused, wouldDeny: undefined })]),
      '1 file would be refused',
      1,
    ],
    [
      'a date in the future',
      text([record(1, { ...allowed, time: '2999-01-01T00:00:00.000Z' })]),
      'Nothing that could be read would be refused',
      2,
    ],
    [
      'a refusal that says to be long ago',
      text([record(1, { ...refused, time: '1970-01-01T00:00:00.000Z' }), record(2, allowed)]),
      '1 file would be refused',
      2,
    ],
    [
      'a refusal without a date',
      text([record(1, { ...refused, time: undefined }), record(2, allowed)]),
      '1 file would be refused',
      2,
    ],
  ];
  test.each(cases)('%s', async (_, log, title, status) => {
    const found = await report(log);
    expect([found.title, found.status]).toEqual([title, status]);
    expect(found.stderr).toContain(`report.html: ${title}\n`);
  });
});

/** The rows of the table with this caption, as texts. */
function rows(page: string, caption: string): string[][] {
  const table = page.split(`<caption>${caption}</caption>`)[1]?.split('</tbody>')[0] ?? '';
  const body = table.split('<tbody>')[1] ?? '';
  return body
    .split('</tr>')
    .slice(0, -1)
    .map((row) =>
      row
        .split('</td>')
        .slice(0, -1)
        .map((cell) => cell.replace(/<[^>]*>/g, '').trim()),
    );
}

test('a file that two hosts refuse for two causes is listed with both', async () => {
  const log = text([
    record(1, refused),
    record(2, { ...noexec, host: 'web-2' }),
    record(3, { ...refused, host: 'web-3', path: '/srv/app/node_modules/@s/p/x.js' }),
  ]);
  const { page } = await report(log);
  expect(rows(page, 'by cause').map(([cause, files]) => [cause, files])).toEqual([
    ['mode', '2'],
    ['noexec-mount', '1'],
  ]);
  expect(rows(page, 'by package').map(([name, files]) => [name, files])).toEqual([
    ['(no package)', '1'],
    ['@s/p', '1'],
  ]);
  expect(rows(page, 'by host').map(([host, state]) => [host, state])).toEqual([
    ['web-1', 'would refuse'],
    ['web-2', 'would refuse'],
    ['web-3', 'would refuse'],
  ]);
});

test('the charts have every day, with what each cause refused', async () => {
  const log = text([
    record(1, refused),
    record(1, refused),
    record(1, { ...noexec, path: '/srv/app/b.js' }),
    record(3, refused),
    record(4, allowed),
  ]);
  const { page, title } = await report(log);
  expect(title).toContain('1 file would');
  const days = [...page.matchAll(/<title>(2026-.*?)<\/title>/g)].map(([, said]) => said);
  expect(days).toEqual([
    '2026-03-01: mode 1, noexec-mount 1',
    '2026-03-02: none',
    '2026-03-03: mode 1',
    '2026-03-04: none',
    '2026-03-01: something would be refused 1',
    '2026-03-02: none',
    '2026-03-03: something would be refused 1',
    '2026-03-04: nothing 1',
  ]);
  expect(page).toContain('1 file would have been refused earlier, and not any more.');
});

test('--since leaves out what was before', async () => {
  const log = text([record(1, refused), record(2, { ...allowed, path: '/srv/app/b.js' })]);
  expect((await report(log, ['--since', '2026-03-02'])).title).toBe('Nothing would be refused');
  expect((await report(log, ['--since', '2026-03-01'])).title).toBe('1 file would be refused');
});

test('--host-by-folder does not believe what a record says of its host', async () => {
  const folder = temporary();
  for (const host of ['web-1', 'web-2']) mkdirSync(join(folder, host));
  const logs = ['web-1', 'web-2'].map((host) => join(folder, host, 'app.jsonl'));
  writeFileSync(logs[0] ?? '', text([record(1, refused)]));
  writeFileSync(logs[1] ?? '', text([record(2, { ...allowed, host: 'web-1' })]));
  const words = ['report', '--html', '-', '--from-audit', ...logs];
  expect((await mayexec(words)).stdout).toContain('<title>Nothing would be refused</title>');
  const { stdout, status } = await mayexec([...words, '--host-by-folder']);
  expect(stdout).toContain('<title>1 file would be refused</title>');
  expect(status).toBe(1);
});

test('--scan lists the packages of which nothing was loaded', async () => {
  const manifest = (name: string): string => JSON.stringify({ name, version: '1.0.0' });
  const root = tree({
    'package.json': manifest('app'),
    'main.js': '',
    'node_modules/used/package.json': manifest('used'),
    'node_modules/used/a.js': '',
    'node_modules/used/b.js': ['', 0o755],
    'node_modules/alias/package.json': manifest('other-name'),
    'node_modules/alias/a.js': '',
    'node_modules/idle/package.json': manifest('idle'),
    'node_modules/idle/a.js': '',
    'node_modules/idle/b.js': '',
  });
  // On another host the application is elsewhere.
  const loaded = (path: string, name: string): Fields =>
    record(1, { ...refused, path: `/opt/app/${path}`, package: `${name}@1.0.0` });
  const { page } = await report(
    text([
      loaded('main.js', 'app'),
      loaded('node_modules/used/a.js', 'used'),
      loaded('node_modules/alias/a.js', 'other-name'),
    ]),
    ['--scan', root],
  );
  expect(rows(page, 'never loaded')).toEqual([['idle@1.0.0', '2']]);
  expect(rows(page, 'loaded')).toEqual([
    ['app@1.0.0', '1', '1'],
    ['other-name@1.0.0', '1', '1'],
    ['used@1.0.0', '1', '2'],
  ]);
  expect(page).toContain('would refuse 5 files of them now.');
});

/** The commands of the page, as bash reads them. */
function pasted(page: string): string[][] {
  const unescaped = (html: string): string =>
    html.replace(
      /&(amp|lt|gt|quot|#39);/g,
      (entity) => ({ '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"' })[entity] ?? "'",
    );
  return [...page.matchAll(/<pre class="command">(.*?)<\/pre>/gs)].map(([, html = '']) => {
    const program = `mayexec() { printf '%s\\0' mayexec "$@"; }; chmod() { printf '%s\\0' chmod "$@"; }\n${unescaped(html)}`;
    const { stdout, stderr } = spawnSync('bash', ['-c', program], { encoding: 'utf8' });
    expect(stderr).toBe('');
    return stdout.split('\0').slice(0, -1);
  });
}

const HOSTILE = [
  `'"><script>alert(1)</script>`,
  '</title></script><!--',
  '$(touch /tmp/x) `id` ; rm -rf ~ #',
  'line\nend\u2028\u2029\u0085\u001b[2K',
  'left\u202eright',
  '--html=/etc/passwd',
  '&lt;&amp;\\n{{x}}${x}',
];

describe.each(HOSTILE)('the text %j in every field of a record', (hostile) => {
  const path = `/srv/app/${hostile}`;
  const named = { host: hostile, program: path, importer: hostile, sha256: hostile };
  const records = [
    record(1, { ...refused, ...named, path, package: hostile }),
    record(1, { ...refused, ...named, path: `/tmp/${hostile}` }),
    record(1, { ...refused, ...named, path, package: hostile, reason: hostile }),
    record(1, { ...refused, ...named, path: undefined, reason: undefined, gate: hostile }),
    record(1, { ...refused, ...named, path: undefined, reason: undefined, option: hostile }),
    record(1, { ...refused, ...named, path: undefined, reason: undefined, variable: hostile }),
    record(1, { ...refused, ...named, path: undefined, reason: undefined, why: hostile }),
  ];

  it('stays text', async () => {
    const { page } = await report(text(records));
    const one = page.replaceAll(/<pre class="command">.*?<\/pre>/gs, '');
    expect(page.match(/<script>/g)).toHaveLength(1);
    expect(page.match(/<\/script>/g)).toHaveLength(1);
    expect(page.match(/<title>[^<]*<\/title>\n<style>/g)).toHaveLength(1);
    expect(page.match(/<!--/)).toBeNull();
    expect(printable(page, '\n')).toBe(page);
    expect(one).not.toContain('<script>alert');
  });

  it('is one word of the commands that can be pasted', async () => {
    const commands = pasted((await report(text(records))).page);
    expect(commands).toContainEqual(['chmod', '+x', `/tmp/${hostile}`]);
    expect(commands).toContainEqual([
      'mayexec',
      'run',
      '--strict',
      '--allow',
      hostile,
      '--',
      'node',
      path,
    ]);
  });
});

test.each(['-R', '--reference=/etc/passwd', '=ls', '-'])(
  'the path %j is no option of the commands that can be pasted',
  async (path) => {
    const causes = [refused, { ...refused, package: 'x@1.0.0' }, noexec];
    const commands = pasted(
      (await report(text(causes.map((one) => record(1, { ...one, path }))))).page,
    );
    const words = commands.flat();
    expect(words).toContain(path.startsWith('-') ? `./${path}` : path);
    if (path.startsWith('-')) expect(words).not.toContain(path);
  },
);

test('a log and an application with blanks and quotes in their names', async () => {
  const folder = join(temporary(), `it's $(here) now`);
  mkdirSync(folder);
  const [log, html] = [join(folder, 'a log.jsonl'), join(folder, 'a page.html')];
  const path = `${folder}/node_modules/x/a.js`;
  writeFileSync(log, text([record(1, { ...refused, path, package: 'x@1.0.0' })]));
  await mayexec(['report', '--from-audit', log, '--html', html]);
  expect(pasted(readFileSync(html, 'utf8'))).toEqual([
    ['mayexec', 'seal', '--from-audit', log, folder],
    expect.arrayContaining(['run', '--audit']),
    ['mayexec', 'report', '--from-audit', log, '--html', html],
  ]);
});

test('the commands for one host do what they say', async () => {
  const root = tree({ 'package.json': '{"name":"app","version":"1.0.0"}', 'a.js': '' });
  const path = join(root, 'a.js');
  const sha256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
  const { page } = await report(
    text([record(1, { ...refused, path, package: 'app@1.0.0', sha256 })]),
  );
  const [, ...words] = pasted(page)[0] ?? [];
  const { status, stdout } = await mayexec(words);
  expect(stdout).toContain('1 file sealed');
  expect(status).toBe(0);
});

test('what is more than there is room for is counted, and never forgotten', () => {
  const evidence = new Evidence({ limits: { ...LIMITS, subjects: 2 } });
  for (const name of ['a', 'b', 'c', 'd']) {
    evidence.add({ ...refused, ...record(1, {}), path: `/srv/${name}.js` });
  }
  expect(evidence.refusals()).toHaveLength(2);
  expect(evidence).toMatchObject({ records: 4, beyond: 2, beyondRefused: 2 });
});

test.each([
  [['--from-audit', 'x.jsonl'], "required option '--html <file>' not specified"],
  [['--html', 'x.html'], "required option '--from-audit <log...>' not specified"],
  [['--from-audit', '/nowhere.jsonl', '--html', 'x.html'], 'ENOENT'],
  [['--from-audit', '-', '--html', '-', '--since', 'monday'], 'It must be a day'],
])('%j is refused with status 2', async (words, message) => {
  const { status, stderr } = await mayexec(['report', ...words]);
  expect(stderr).toContain(message);
  expect(status).toBe(2);
});
