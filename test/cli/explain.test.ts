import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, closeSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import { describe, expect, it } from 'vitest';

import { command } from '../support/built.js';
import { mayexec, spawned, tree } from './run.js';

describe('mayexec explain', () => {
  it('says what decides about a file without x, and how to change it', async () => {
    const root = tree({ 'a.js': ['', 0o640] });
    const path = join(root, 'a.js');
    const { status, stdout, stderr } = await mayexec(['explain', path]);
    expect({ status, stderr }).toEqual({ status: 1, stderr: '' });
    const lines = stdout.split('\n');
    expect(lines[0]).toBe(path);
    expect(stdout).toMatch(/^ {2}refused {2}no execute permission for this user$/m);
    expect(stdout).toMatch(/^ {2}file {5}regular file, mode 0640, owner 0, group \d+$/m);
    expect(stdout).toMatch(/^ {2}user {5}uid 0 needs any x bit: no x$/m);
    expect(stdout).toMatch(/^ {2}mount {4}\/.* \(\w+, .*\)$/m);
    expect(stdout).toMatch(/^ {2}policy {3}no securebit restricts files here/m);
    expect(stdout).toContain(`  fix      chmod +x ${path}\n`);
  });

  it.each([
    ['a file that may be executed', '/bin/true', 0, /^ {2}allowed /m],
    ['a directory', '/etc', 1, /^ {2}refused {2}not a regular file\n {2}file {5}directory,/m],
    ['a device', '/dev/null', 1, /^ {2}refused {2}not a regular file\n {2}file {5}device,/m],
    ['a file that is not there', '/etc/not-there', 2, /^ {2}failed +ENOENT/m],
  ])('%s: status tells', async (_what, path, expected, says) => {
    const { status, stdout } = await mayexec(['explain', path]);
    expect(status).toBe(expected);
    expect(stdout).toMatch(says);
  });

  it('says whose x counts for a user, by the class of the file for that user', () => {
    const root = tree({ own: ['', 0o655], group: ['', 0o745], others: ['', 0o754], pipe: '' });
    chownSync(join(root, 'own'), 1000, 0);
    chownSync(join(root, 'group'), 0, 1000);
    chmodSync(root, 0o755);
    rmSync(join(root, 'pipe'));
    execFileSync('mkfifo', [join(root, 'pipe')]);
    const files = ['own', 'group', 'others', 'pipe'].map((name) => join(root, name));
    const { stdout } = spawned(['explain', ...files], { uid: 1000, gid: 1000 });
    expect(stdout.match(/^ {2}user .*$/gm)).toEqual([
      '  user     uid 1000 owns it: no x',
      '  user     uid 1000 is in its group 1000: no x',
      '  user     uid 1000 is one of the others: no x',
      '  user     uid 1000 is one of the others: no x',
    ]);
    expect(stdout).toMatch(/^ {2}file {5}pipe, mode 0644,/m);
  });

  it('names the process that has a file open for writing', async () => {
    const path = join(tree({ 'a.js': ['', 0o755] }), 'a.js');
    const fd = openSync(path, 'a');
    const { status, stdout } = await mayexec(['explain', path]);
    closeSync(fd);
    expect(status).toBe(2);
    expect(stdout).toMatch(/^ {2}failed {3}ETXTBSY/m);
    expect(stdout).toContain(`(pid ${process.pid})`);
  });

  it('names the mount, whatever blanks are in its name', async () => {
    const { stdout } = await mayexec(['explain', '/proc/self/status']);
    expect(stdout).toMatch(/^ {2}mount {4}\/proc \(proc, /m);
  });

  it('gives a command for a noexec mount that helps', () => {
    const at = join(tree({ 'a mount/x': '' }), 'a mount');
    const explain = `"$0" "$1" explain "$2/a.js"`;
    const script = `
      mount -t tmpfs -o noexec none "$2"
      : >"$2/a.js"
      chmod +x "$2/a.js"
      ${explain} >"$2/said"
      cat "$2/said"
      eval "$(sed -n 's/^  fix .*or //p' "$2/said")"
      ${explain}`;
    const args = ['--mount', 'sh', '-euc', script.replace(/>"\$2\/said"/, '$& || [ $? = 1 ]')];
    const { status, stdout } = spawnSync('unshare', [...args, process.execPath, command, at], {
      encoding: 'utf8',
    });
    expect(stdout).toMatch(/^ {2}refused {2}on a mount where nothing can be executed \(noexec\)$/m);
    expect(stdout).toContain(`or mount -o remount,bind,exec '${at}'\n`);
    expect(stdout).toMatch(/^ {2}allowed /m);
    expect(status).toBe(0);
  });

  const line = (fields: object): string =>
    `${JSON.stringify({ time: 't', pid: 1, operation: 'load', denied: false, ...fields })}\n`;
  const refused = { allowed: false, errno: 'EACCES', reason: 'mode' };

  it('takes logs without a record for no proof, with status 2', async () => {
    const log = join(tree({ log: '' }), 'log');
    const { status, stdout, stderr } = await mayexec(['explain', '--from-audit', log]);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(/^mayexec: the logs have no record/);
  });

  it('explains what an audit log says was not allowed, the most frequent first', async () => {
    const log = tree({
      log:
        line({ allowed: true, path: '/a.js' }) +
        line({ ...refused, path: '/b.js', importer: '/a.js' }) +
        line({ ...refused, denied: true, path: '/c.js' }) +
        line({ ...refused, denied: true, path: '/c.js' }) +
        line({ ...refused, path: '/app/d.js', package: 'app@1.0.0' }) +
        line({ allowed: false, denied: true, errno: 'EACCES' }),
    });
    const { status, stdout } = await mayexec(['explain', '--from-audit', join(log, 'log')]);
    expect(status).toBe(1);
    expect(stdout.split('\n').slice(0, 7)).toEqual([
      '(no package): 2 files, 3 times',
      '  refused   mode  2  /c.js',
      '  would be  mode  1  /b.js',
      '(no file): 1 thing, 1 time',
      '  refused  no-file  1  code with no file',
      'app@1.0.0: 1 file, 1 time',
      '  would be  mode  1  /app/d.js',
    ]);
    expect(stdout).toContain('mode: no execute permission for this user\n  chmod +x /c.js\n');
  });

  it('helps with several files of a cause, and names the command for all of them', async () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((name) => `/${name}.js`);
    const log = tree({ log: names.map((path) => line({ ...refused, path })).join('') });
    const { stdout } = await mayexec(['explain', '--from-audit', join(log, 'log')]);
    expect(stdout.slice(stdout.indexOf('mode:'))).toBe(
      [
        'mode: no execute permission for this user',
        ...names.slice(0, 5).map((name) => `  chmod +x ${name}`),
        '  and so for 2 other files',
        `  all that was loaded: mayexec seal --from-audit ${join(log, 'log')} DIR`,
        '',
      ].join('\n'),
    );
  });

  it('with --top says how many files it leaves out', async () => {
    const names = ['a', 'b', 'c'].map((name) => `/${name}.js`);
    const log = tree({ log: names.map((path) => line({ ...refused, path })).join('') });
    const words = ['explain', '--top', '2', '--from-audit', join(log, 'log')];
    const { stdout } = await mayexec(words);
    expect(stdout.split('\n').slice(0, 5)).toEqual([
      '(no package): 2 files, 2 times',
      '  would be  mode  1  /a.js',
      '  would be  mode  1  /b.js',
      'and 1 other file',
      '',
    ]);
  });

  it('reads a log in pieces, and takes no line for a verdict that is longer than one can be', async () => {
    const long = line({ ...refused, path: `/${'x'.repeat(2 << 20)}` });
    const many = line({ ...refused, path: '/ä.js' }).repeat(2000);
    const log = tree({ log: long + many + long.trimEnd() });
    const { status, stdout, stderr } = await mayexec(['explain', '--from-audit', join(log, 'log')]);
    expect(stdout.split('\n')[1]).toBe('  would be  mode  2000  /ä.js');
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: 'mayexec: 2 lines of the logs could not be read\n',
    });
  });

  it('shows the beginning of a cause that is longer than any, so that no line makes all long', async () => {
    const log = tree({
      log:
        line({ ...refused, path: '/a.js' }) +
        line({ ...refused, path: '/b.js', reason: 'x'.repeat(1 << 19) }),
    });
    const { stdout } = await mayexec(['explain', '--from-audit', join(log, 'log')]);
    const rows = stdout.split('\n').slice(1, 3);
    expect(rows).toEqual([
      '  would be  mode                  1  /a.js',
      `  would be  ${'x'.repeat(19)}…  1  /b.js`,
    ]);
  });

  it('says what to do about each cause, and names no command for JSON, which is data', async () => {
    const would = { ...refused, wouldDeny: true };
    const log = tree({
      log:
        line({ ...would, reason: undefined, gate: 'eval' }) +
        line({ ...would, reason: undefined, option: '--loader' }) +
        line({ ...would, reason: undefined }) +
        line({ ...refused, wouldDeny: false, path: '/srv/a.json' }),
    });
    const { stdout } = await mayexec(['explain', '--from-audit', join(log, 'log')]);
    expect(stdout.slice(stdout.indexOf('\n\n') + 2).split('\n')).toEqual([
      expect.stringMatching(/^gate: the program made code of data/),
      '  open the gates that it needs, or change the program',
      expect.stringMatching(/^option: an option of Node or a variable/),
      '  start the program without it',
      expect.stringMatching(/^no-file: code from -e/),
      '  put the code into a file',
      '',
    ]);
  });

  it.each<[string, object, number, string]>([
    ['data, which nothing would refuse', { wouldDeny: false }, 0, 'noted'],
    ['data that --strict refuses', { denied: true, wouldDeny: true }, 1, 'refused'],
    ['data or code: the log of an older mayexec does not say', {}, 1, 'would be'],
  ])('status and listing tell of %s', async (_what, fields, expected, was) => {
    const log = tree({ log: line({ ...refused, path: '/srv/a.json', ...fields }) });
    const { status, stdout } = await mayexec(['explain', '--from-audit', join(log, 'log')]);
    expect(stdout).toContain(`  ${was}  mode  1  /srv/a.json\n`);
    expect(stdout.includes('nothing was refused: 1 verdict\n')).toBe(expected === 0);
    expect(status).toBe(expected);
  });

  it('names no command for what is no file', async () => {
    const log = tree({ log: line(refused) });
    const { stdout } = await mayexec(['explain', '--from-audit', join(log, 'log')]);
    expect(stdout).not.toContain('chmod');
  });

  it('reads the log of 130,000 files of one package', async () => {
    let text = '';
    for (let i = 0; i < 130_000; i++) text += line({ ...refused, path: `/srv/${i}.js` });
    const log = tree({ log: text });
    const { status, stdout } = await mayexec(['explain', '--from-audit', join(log, 'log')]);
    expect(stdout).toContain('(no package): 130,000 files, 130,000 times\n');
    expect(stdout).toContain('  and so for 129,995 other files\n');
    expect(status).toBe(1);
  });

  it('says how many lines say nothing, and how many were lost', async () => {
    const log = tree({ log: '{"cut o\n[]\n{"dropped":3}\n' + line({ allowed: true }) });
    const { status, stdout, stderr } = await mayexec(['explain', '--from-audit', join(log, 'log')]);
    expect({ status, stdout }).toEqual({ status: 2, stdout: 'nothing was refused: 1 verdict\n' });
    expect(stderr).toBe('mayexec: 5 lines of the logs could not be read\n');
  });

  it('reads many logs, compressed ones among them, and puts what is refused first', async () => {
    const log = tree({
      a: line({ ...refused, wouldDeny: false, path: '/app/node_modules/often/a.js' }).repeat(3),
      b: line({ ...refused, denied: true, path: '/app/node_modules/@scope/bad/b.js' }),
    });
    const would = line({ ...refused, wouldDeny: true, path: `/app/${'long/'.repeat(30)}c.js` });
    writeFileSync(join(log, 'c.gz'), gzipSync(would + '{"dropped":2}\n'));
    const logs = ['a', 'b', 'c.gz'].map((name) => join(log, name));
    const { status, stdout, stderr } = await mayexec(['explain', '--from-audit', ...logs]);
    expect(status).toBe(2);
    expect(stderr).toBe('mayexec: 2 lines of the logs could not be read\n');
    const lines = stdout.split('\n').slice(0, 6);
    expect(lines).toEqual([
      '@scope/bad: 1 file, 1 time',
      '  refused  mode  1  /app/node_modules/@scope/bad/b.js',
      '(no package): 1 file, 1 time',
      expect.stringMatching(/^ {2}would be {2}mode {2}1 {2}….*long\/c\.js$/),
      'often: 1 file, 3 times',
      '  noted  mode  3  /app/node_modules/often/a.js',
    ]);
    expect(Math.max(...lines.map(({ length }) => length))).toBe(80);

    const json = await mayexec(['explain', '--json', '--top', '1', '--from-audit', ...logs]);
    expect(JSON.parse(json.stdout)).toEqual({
      verdicts: 5,
      unread: 2,
      unreadLogs: [],
      files: 3,
      notAllowed: [
        {
          was: 'refused',
          cause: 'mode',
          package: '@scope/bad',
          path: '/app/node_modules/@scope/bad/b.js',
          times: 1,
        },
      ],
    });
  });

  it.each<[string, string[], RegExp]>([
    ['--json', ['FILE', '--json'], /--json goes with --from-audit/],
    ['--top', ['FILE', '--top', '3'], /--top goes with --from-audit/],
    ['--json with a file, too', ['FILE', '--json', '--from-audit', 'LOG'], /mayexec check --json/],
  ])('%s is no option for files, and is not silently ignored', async (_name, args, told) => {
    const { status, stdout, stderr } = await mayexec(['explain', ...args]);
    expect(stderr).toMatch(told);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  });

  it('without a file or a log is an error of usage', async () => {
    const { status, stderr } = await mayexec(['explain']);
    expect(status).toBe(2);
    expect(stderr).toContain('name a file, or --from-audit FILE');
  });
});
