import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fstatSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  truncateSync,
  writeFile,
  writeFileSync,
} from 'node:fs';
import { promisify } from 'node:util';
import { describe, expect } from 'vitest';

import {
  InvalidArgumentError,
  NotFoundError,
  openMayExec,
  openMayExecSync,
  readMayExec,
  readMayExecSync,
  type ExecFile,
} from '../src/index.js';
import { has, needs } from './support/kernel.js';
import { runProgram } from './support/program.js';
import { openFds, sandbox } from './support/sandbox.js';

const box = sandbox();
const script = box.file('script', 0o755, '\uFEFFcode é\n');
const bytes = Buffer.from('\uFEFFcode é\n');

const isOpen = (fd: number): boolean => {
  try {
    fstatSync(fd);
    return true;
  } catch {
    return false;
  }
};

function opened<T>(use: (file: ExecFile) => T): T {
  const file = openMayExecSync(script);
  try {
    return use(file);
  } finally {
    file.closeSync();
  }
}

describe('an ExecFile', () => {
  needs('prctl')('names the path it was opened by', () => {
    expect(opened((file) => file.path)).toBe(script);
  });
  needs('prctl')('reads bytes, and text without its byte order mark', async () => {
    await using file = await openMayExec(script);
    expect(file.readSync()).toEqual(bytes);
    expect(await file.read()).toEqual(bytes);
    expect(file.textSync()).toBe('code é\n');
    expect(await file.text()).toBe('code é\n');
  });
  needs('prctl')('reads from the start each time, and leaves the offset of its fd alone', () => {
    opened((file) => {
      readSync(file.fd, Buffer.alloc(4));
      expect(file.readSync()).toEqual(bytes);
      expect(readSync(file.fd, Buffer.alloc(100))).toBe(bytes.length - 4);
    });
  });
  needs('prctl')('reads what was opened, though the path leads elsewhere by now', () => {
    const path = box.file('swapped', 0o755, 'approved');
    const file = openMayExecSync(path);
    renameSync(box.file('evil', 0o755, 'evil'), path);
    expect(file.textSync()).toBe('approved');
    file.closeSync();
  });
  needs('prctl')('reads a file that is larger than any buffer, and an empty one', async () => {
    const large = randomBytes(9_000_001);
    // Not toEqual, which takes minutes for so many bytes on a slow machine.
    expect(large.equals(await readMayExec(box.file('large', 0o755, large)))).toBe(true);
    expect(readMayExecSync(box.file('empty', 0o755, ''))).toEqual(Buffer.alloc(0));
  });
  // A kernel that enforces O_MAYEXEC opens no pipe as code.
  needs('execveCheck')('reads a pipe to its end, however much comes', async () => {
    const fifo = box.fifo('long', 0o755);
    const sent = randomBytes(300_000);
    // A fifo that nobody has open for writing is at its end.
    const writer = openSync(fifo, 'r+');
    await using file = await openMayExec(fifo);
    const writing = promisify(writeFile)(writer, sent).finally(() => {
      closeSync(writer);
    });
    const [read] = await Promise.all([file.read(), writing]);
    expect(sent.equals(read)).toBe(true);
  });
  needs('prctl')('streams, and closes its fd at the end', async () => {
    const file = openMayExecSync(script);
    const { fd } = file;
    let text = '';
    for await (const chunk of file.createReadStream({ encoding: 'utf8' })) text += String(chunk);
    expect(text).toBe('code é\n');
    expect(file.fd).toBe(-1);
    expect(isOpen(fd)).toBe(false);
  });
  for (const [name, options] of [
    ['encoding', { encoding: 'bogus' as BufferEncoding }],
    ['highWaterMark', { highWaterMark: Number.NaN }],
  ] as const) {
    needs('prctl')(`keeps its fd when a stream refuses its ${name}`, () => {
      opened((file) => {
        const { fd } = file;
        expect(() => file.createReadStream(options)).toThrow(/ERR_|invalid/);
        expect(file.fd).toBe(fd);
        expect(file.textSync()).toBe('code é\n');
      });
      expect(openFds().filter((fd) => fd.endsWith(script))).toEqual([]);
    });
  }

  needs('prctl')('closes its fd when its stream is destroyed', async () => {
    const file = openMayExecSync(script);
    const { fd } = file;
    const stream = file.createReadStream();
    await new Promise<void>((done) => {
      stream.once('close', () => {
        done();
      });
      stream.destroy();
    });
    expect(isOpen(fd)).toBe(false);
  });
  needs('prctl')('gives its fd away with detach', () => {
    const file = openMayExecSync(script);
    const fd = file.detach();
    file.closeSync();
    expect(isOpen(fd)).toBe(true);
    closeSync(fd);
  });
  needs('prctl')('closes once, whatever closes it', async () => {
    const file = openMayExecSync(script);
    const { fd } = file;
    file.closeSync();
    // The number is somebody else's now.
    const other = openSync(script, 'r');
    expect(other).toBe(fd);
    file.closeSync();
    await file.close();
    file[Symbol.dispose]();
    await file[Symbol.asyncDispose]();
    expect(isOpen(other)).toBe(true);
    closeSync(other);
  });
  needs('prctl')('is closed by using and by await using', async () => {
    const fds: number[] = [];
    {
      using file = openMayExecSync(script);
      fds.push(file.fd);
    }
    {
      await using file = await openMayExec(script);
      fds.push(file.fd);
    }
    expect(fds.map(isOpen)).toEqual([false, false]);
  });
  needs('prctl')('is closed only after the reads under way', async () => {
    const file = await openMayExec(script);
    const reads = [file.read(), file.text()];
    file.closeSync();
    expect(await Promise.all(reads)).toEqual([bytes, 'code é\n']);
    expect(openFds().filter((fd) => fd.includes(script))).toEqual([]);
  });
  needs('prctl')('gives nothing away while it is being read', async () => {
    const file = await openMayExec(script);
    const reading = file.read();
    expect(() => file.detach()).toThrow('is being read');
    await reading;
    await file.close();
  });
  const closed = (): ExecFile => {
    const file = openMayExecSync(script);
    file.closeSync();
    return file;
  };
  for (const [title, use] of [
    ['readSync', () => closed().readSync()],
    ['textSync', () => closed().textSync()],
    ['read', () => closed().read()],
    ['text', () => closed().text()],
    ['detach', () => closed().detach()],
    ['createReadStream', () => closed().createReadStream()],
  ] as const) {
    needs('prctl')(`refuses ${title} once it is closed, with EBADF`, async () => {
      await expect((async () => use())()).rejects.toThrow(InvalidArgumentError);
    });
  }
});

describe('readMayExec', () => {
  needs('prctl')('decodes', async () => {
    expect(readMayExecSync(script, { encoding: 'utf8' })).toBe('code é\n');
    expect(readMayExecSync(script, 'utf8')).toBe('code é\n');
    expect(readMayExecSync(script, 'latin1')).toBe(bytes.toString('latin1'));
    expect(await readMayExec(script, { encoding: 'base64' })).toBe(bytes.toString('base64'));
    expect(readMayExecSync(script, { encoding: null })).toEqual(bytes);
  });
  // The addon makes strings in four ways, by their length and by whether they are all ASCII.
  const KiB = 1024;
  for (const length of [0, 1, 63, 64, 65, 64 * KiB, 64 * KiB + 1, 256 * KiB - 1, 256 * KiB]) {
    const ascii = '// code\n'.repeat(length / 8 + 1).slice(0, length);
    for (const [title, text] of [
      ['ASCII', ascii],
      ['ASCII but for its last letter', `${ascii}é`],
      ['ASCII but for its first letter', `\u{1F600}${ascii}`],
      ['ASCII but for a letter in its midst', `${ascii}ÿ${ascii}`],
      ['ASCII behind a byte order mark', `\uFEFF${ascii}`],
    ] as const) {
      needs('prctl')(`reads ${length} bytes of ${title}`, () => {
        const file = box.file('text', 0o755, text);
        expect(readMayExecSync(file, 'utf8')).toBe(text.replace('\uFEFF', ''));
      });
    }
  }
  needs('prctl')('replaces what is no UTF-8, as node:fs does', () => {
    for (const length of [10, 300 * KiB]) {
      const file = box.file('no-utf-8', 0o755, '');
      writeFileSync(file, Buffer.concat([Buffer.alloc(length, 'x'), Buffer.from([0xff, 0xc3])]));
      expect(readMayExecSync(file, 'utf8')).toBe(readFileSync(file, 'utf8'));
    }
  });
  needs('prctl')('refuses an encoding that Node does not have, before the open', () => {
    const encoding = 'utf-9' as BufferEncoding;
    expect(() => readMayExecSync(box.path('missing'), { encoding })).toThrow(
      expect.objectContaining({ code: 'ERR_INVALID_ARG_VALUE' }) as Error,
    );
  });
  needs('prctl')('fails like an open', async () => {
    expect(() => readMayExecSync(box.path('missing'))).toThrow(NotFoundError);
    await expect(readMayExec(box.path('missing'))).rejects.toThrow(NotFoundError);
  });
});

describe('the memory that a file of 64 MiB takes', () => {
  const size = 64 << 20;
  const large = box.file('sparse', 0o755);
  truncateSync(large, size);
  for (const [call, times] of [
    ['readMayExecSync', 1],
    ['readMayExec', 1],
    ['openMayExecSync and readSync', 1],
    ['openMayExecSync and read', 1],
    // Without a check in the one native call, the file is read and decoded behind it.
    ['readMayExecSync of a text', has('execveCheck') ? 1 : 2],
  ] as const) {
    needs('prctl')(`is ${times} times its size in ${call}`, async () => {
      const { length, grown } = await runProgram<{ length: number; grown: number }>(
        'peak-memory.mjs',
        ...[large, call],
      );
      expect(length).toBe(size);
      expect(grown).toBeLessThan(size * (times + 0.5));
    });
  }
});

describe('a file of 2 GiB', () => {
  const large = box.file('2-gib', 0o755);
  truncateSync(large, 2 ** 31);
  const tooLarge = { code: 'EFBIG', syscall: 'read', path: large };
  needs('prctl')('is opened, and too large to be read at once', async () => {
    using file = openMayExecSync(large);
    expect(() => file.readSync()).toThrow(expect.objectContaining(tooLarge) as Error);
    await expect(file.read()).rejects.toMatchObject(tooLarge);
    expect(() => readMayExecSync(large)).toThrow(expect.objectContaining(tooLarge) as Error);
    await expect(readMayExec(large)).rejects.toMatchObject(tooLarge);
  });
});

describe('an AbortSignal', () => {
  for (const [title, open] of [
    ['openMayExec', openMayExec],
    ['readMayExec', readMayExec],
  ] as const) {
    needs('prctl')(`that is aborted keeps ${title} from opening anything`, async () => {
      const signal = AbortSignal.abort('because');
      await expect(open(box.path('missing'), { signal })).rejects.toMatchObject({
        name: 'AbortError',
        code: 'ABORT_ERR',
        cause: 'because',
      });
    });
    needs('prctl')(`ends ${title} under way, and nothing stays open`, async () => {
      const controller = new AbortController();
      const opening = open(script, { signal: controller.signal });
      controller.abort();
      await expect(opening).rejects.toMatchObject({ name: 'AbortError' });
      await expect.poll(() => openFds().filter((fd) => fd.includes(script))).toEqual([]);
    });
  }
});
