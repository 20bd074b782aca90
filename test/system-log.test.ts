import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';

import { afterAll, afterEach, describe, expect, it } from 'vitest';

import type { AuditLog } from '../src/audit-writer.js';
import { checkExecSync } from '../src/check.js';
import { openMayExecSync } from '../src/open-may-exec.js';
import { openSystemLog } from '../src/system-log.js';

const base = mkdtempSync(join(tmpdir(), 'mayexec-log-'));
const allowed = join(base, 'allowed.js');
const refused = join(base, 'refused.js');
writeFileSync(allowed, '');
writeFileSync(refused, '');
chmodSync(allowed, 0o755);

const daemon = `
import json, os, socket, sys
if os.path.exists(sys.argv[1]): os.unlink(sys.argv[1])
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM); s.bind(sys.argv[1])
print(json.dumps("ready"), flush=True)
while sys.argv[2] == 'reads': print(json.dumps(s.recv(1 << 20).decode()), flush=True)
sys.stdin.read()`;

interface Daemon {
  socket: string;
  /** The next message. */
  next: () => Promise<string>;
  stop: () => Promise<void>;
}

const stops: (() => Promise<void>)[] = [];
const logs: AuditLog[] = [];
afterEach(async () => {
  for (const log of logs.splice(0)) log.close();
  for (const stop of stops.splice(0)) await stop();
});
afterAll(() => {
  rmSync(base, { recursive: true });
});

async function start(how: 'reads' | 'sleeps' = 'reads'): Promise<Daemon> {
  const socket = join(base, 'socket');
  const child = spawn('python3', ['-c', daemon, socket, how], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines: Interface = createInterface(child.stdout);
  const iterator = lines[Symbol.asyncIterator]();
  const next = async (): Promise<string> =>
    JSON.parse((await iterator.next()).value as string) as string;
  expect(await next()).toBe('ready');
  const stop = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
  stops.push(stop);
  return { socket, next, stop };
}

function open(kind: 'syslog' | 'journal', socket: string): AuditLog {
  const log = openSystemLog(kind, { socket });
  logs.push(log);
  return log;
}

function verdict(path: string): void {
  const fd = openSync(path, 'r');
  checkExecSync(fd);
  closeSync(fd);
}

describe('openSystemLog', () => {
  it('sends a verdict to syslog, with facility, priority, name and pid', async () => {
    const { socket, next } = await start();
    open('syslog', socket);
    verdict(allowed);
    const [, priority, pid, json = ''] = /^<(\d+)>mayexec\[(\d+)\]: (.*)$/.exec(await next()) ?? [];
    expect([priority, pid]).toEqual([String((10 << 3) | 6), String(process.pid)]);
    expect(JSON.parse(json)).toMatchObject({ path: allowed, allowed: true });
  });

  it('sends a refusal as a warning', async () => {
    const { socket, next } = await start();
    open('syslog', socket);
    expect(() => openMayExecSync(refused, { enforce: true })).toThrow();
    expect(await next()).toMatch(/^<84>/);
  });

  it('sends fields to the journal, which a file name cannot add to', async () => {
    const { socket, next } = await start();
    open('journal', socket);
    const path = join(base, 'evil\nPRIORITY=0\n.js');
    writeFileSync(path, '');
    verdict(path);
    const message = await next();
    const lines = message.split('\n');
    expect(lines.slice(0, 3)).toEqual([
      'PRIORITY=6',
      'SYSLOG_FACILITY=10',
      'SYSLOG_IDENTIFIER=mayexec',
    ]);
    expect(lines).toHaveLength(5);
    expect(JSON.parse(lines[3]?.replace(/^MESSAGE=/, '') ?? '')).toMatchObject({
      path,
      reason: 'mode',
    });
  });

  it('finds a daemon again that was restarted, and says what was lost meanwhile', async () => {
    const first = await start();
    const log = open('syslog', first.socket);
    await first.stop();
    verdict(allowed);
    verdict(allowed);
    expect(log).toMatchObject({ written: 0, dropped: 2, lastError: { code: 'ECONNREFUSED' } });
    const second = await start();
    verdict(allowed);
    expect(await second.next()).toMatch(/^<84>.*"dropped":2/);
    expect(await second.next()).toContain(allowed);
    expect(log.written).toBe(1);
  });

  it('does not wait for a daemon that sleeps', async () => {
    const { socket } = await start('sleeps');
    const log = open('syslog', socket);
    for (let i = 0; i < 2000; i++) verdict(allowed);
    expect(log.dropped).toBeGreaterThan(0);
    expect(log.lastError).toMatchObject({ code: 'EAGAIN' });
  });

  it('leaves no fd open when it is closed', async () => {
    const { socket } = await start();
    const before = readdirSync('/proc/self/fd').length;
    open('syslog', socket).close();
    expect(readdirSync('/proc/self/fd').length).toBe(before);
  });

  it.each<[string, () => unknown, string]>([
    [
      'a socket that is not there',
      () => openSystemLog('syslog', { socket: join(base, 'absent') }),
      'ENOENT',
    ],
    [
      'a path that is no socket',
      () => openSystemLog('journal', { socket: allowed }),
      'ECONNREFUSED',
    ],
    [
      'a path longer than a socket has',
      () => openSystemLog('syslog', { socket: `/${'x'.repeat(300)}` }),
      'ENAMETOOLONG',
    ],
    ['a path with a NUL', () => openSystemLog('syslog', { socket: `${allowed}\0` }), 'EINVAL'],
    ['another kind', () => openSystemLog('file' as 'syslog'), 'ERR_INVALID_ARG_VALUE'],
    [
      'a socket that is no string',
      () => openSystemLog('syslog', { socket: 7 as unknown as string }),
      'ERR_INVALID_ARG_TYPE',
    ],
  ])('says of %s that it cannot be opened', (_name, attempt, code) => {
    expect(attempt).toThrow(expect.objectContaining({ code }) as Error);
  });
});

it('neither writes to nor closes a file of the program that got its fd', async () => {
  const { socket, next } = await start();
  const sockets = (): string[] =>
    readdirSync('/proc/self/fd').filter((fd) => {
      const link = `/proc/self/fd/${fd}`;
      return existsSync(link) && readlinkSync(link).startsWith('socket:');
    });
  const before = sockets();
  const log = open('syslog', socket);
  const [own] = sockets().filter((fd) => !before.includes(fd));
  const path = join(base, 'program');
  closeSync(Number(own));
  const fd = openSync(path, 'w');
  expect(fd).toBe(Number(own));
  verdict(refused);
  expect(await next()).toContain('refused.js');
  log.close();
  expect(readFileSync(path, 'utf8')).toBe('');
  closeSync(fd);
});
