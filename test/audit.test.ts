import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { fstatSync, openSync, statSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

import {
  checkExec,
  checkExecSync,
  checkInteractive,
  openMayExec,
  openMayExecSync,
  readMayExec,
  readMayExecSync,
  type AuditMessage,
} from '../src/index.js';
import { features, has, needs } from './support/kernel.js';
import { sandbox } from './support/sandbox.js';

const box = sandbox();
const executable = box.file('executable', 0o755);
const plain = box.file('plain', 0o644);
// No kernel executes it, whatever a sysctl says of modes. CLIP OS checks files and directories alone.
const fifo = box.fifo('fifo', 0o755);
const fd = openSync(executable, 'r');
// With O_MAYEXEC and no sysctl the kernel enforces the mode for everybody.
const modeBinds = features.oMayExec !== null && !features.oMayExecSysctl;
const ino = (path: string): number => statSync(path).ino;

async function messagesOf(act: () => unknown): Promise<(AuditMessage & { ino?: number })[]> {
  const messages: (AuditMessage & { ino?: number })[] = [];
  const listen = (message: unknown): void => {
    const { fd } = message as AuditMessage;
    messages.push({
      ...(message as AuditMessage),
      ...(fd === undefined ? {} : { ino: fstatSync(fd).ino }),
    });
  };
  subscribe('mayexec:check', listen);
  try {
    await act();
  } catch {
    // A denial is published too.
  } finally {
    unsubscribe('mayexec:check', listen);
  }
  return messages;
}

const close = async (
  file: { closeSync(): void } | Promise<{ closeSync(): void }>,
): Promise<void> => {
  (await file).closeSync();
};

// Title, what is done, what is published.
const cases: readonly (readonly [string, () => unknown, object])[] = [
  [
    'openMayExecSync of an executable file',
    () => close(openMayExecSync(executable)),
    {
      operation: 'openMayExec',
      origin: 'api',
      path: executable,
      ino: ino(executable),
      denied: false,
    },
  ],
  [
    'openMayExec of an executable file',
    () => close(openMayExec(executable)),
    { operation: 'openMayExec', path: executable, ino: ino(executable), denied: false },
  ],
  [
    'openMayExecSync of a file without x',
    () => close(openMayExecSync(plain)),
    { operation: 'openMayExec', path: plain, ino: ino(plain), denied: modeBinds },
  ],
  [
    'openMayExecSync that is refused, while its fd is still open',
    () => openMayExecSync(fifo, { enforce: true }),
    { operation: 'openMayExec', path: fifo, ino: ino(fifo), denied: !features.clipOs },
  ],
  [
    'readMayExecSync',
    () => readMayExecSync(executable),
    { operation: 'readMayExec', path: executable, denied: false },
  ],
  [
    'readMayExec that is refused',
    () => readMayExec(fifo, { enforce: true }),
    { operation: 'readMayExec', path: fifo, denied: !features.clipOs },
  ],
  ['checkExecSync', () => checkExecSync(fd), { operation: 'checkExec', fd, denied: false }],
  ['checkExec', () => checkExec(fd), { operation: 'checkExec', fd, denied: false }],
  [
    'checkInteractive that is refused',
    () => checkInteractive({ enforce: true }),
    { operation: 'checkInteractive', origin: 'eval', denied: true },
  ],
  [
    "checkInteractive of an interpreter's own way",
    () => checkInteractive({ origin: 'LUA_INIT' }),
    { operation: 'checkInteractive', origin: 'LUA_INIT', denied: false },
  ],
  [
    'checkInteractive of an fd',
    () => checkInteractive({ fd }),
    { operation: 'checkInteractive', origin: 'stdin', fd, denied: false },
  ],
];

describe('one message is published on mayexec:check for', () => {
  for (const [title, act, message] of cases) {
    test(title, async () => {
      // Where nothing can be decided, nothing is: securebits are hidden by a filter.
      const expected = has('prctl') ? [expect.objectContaining(message)] : [];
      expect(await messagesOf(act)).toEqual(expected);
    });
  }
});

test('an open that fails has no verdict, and publishes none', async () => {
  expect(await messagesOf(() => openMayExecSync(box.path('missing')))).toEqual([]);
});

test('a subscriber that comes while a file is read as text gets its open fd', async () => {
  const reading = readMayExec(executable, 'utf8');
  const expected = has('prctl') ? [expect.objectContaining({ ino: ino(executable) })] : [];
  expect(await messagesOf(() => reading)).toEqual(expected);
});

test('a subscriber of a read gets the open fd', async () => {
  const expected = has('prctl') ? [expect.objectContaining({ ino: ino(executable) })] : [];
  expect(await messagesOf(() => readMayExecSync(executable, 'utf8'))).toEqual(expected);
});

needs('prctl')("the denial names an interpreter's own way", () => {
  const call = (): unknown => checkInteractive({ enforce: true, origin: 'LUA_INIT' });
  expect(call).toThrow('code that comes from no file (LUA_INIT) is refused');
});
