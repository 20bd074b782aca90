/** O_MAYEXEC as CLIP OS 4 had it, on a kernel that has it: lab/o-mayexec/clip-os.patch. */
import { describe, expect } from 'vitest';

import { probe, type Verdict } from '../src/index.js';
import { needs } from './support/kernel.js';
import { runChild, sandbox } from './support/sandbox.js';

const box = sandbox();
const mechanism = 'o_mayexec';
const allowed = { allowed: true, binding: true, mechanism };
const refused = { ...allowed, allowed: false, errno: 'EACCES', reason: 'noexec-mount' };

interface Seen {
  plain: string;
  checked: Verdict;
  opened: Verdict;
  awaited: Verdict;
  read: Verdict | string;
}

/** What becomes of a file of this mode on a mount with this option. */
function look(mount: 'exec' | 'noexec', mode: number): Seen {
  const dir = box.directory(`mount-${mount}`);
  return runChild<Seen>(
    `const path = input.dir + '/script';
     fs.writeFileSync(path, '+');
     fs.chmodSync(path, input.mode);
     const verdictOf = ({ verdict }) => verdict;
     return {
       plain: fs.readFileSync(path, 'utf8'),
       checked: mayexec.checkExecSync(fs.openSync(path, 'r')),
       opened: verdictOf(await attempt(() => mayexec.openMayExecSync(path))),
       awaited: verdictOf(await attempt(() => mayexec.openMayExec(path))),
       read: await attempt(() => mayexec.readMayExecSync(path, 'utf8')).then((a) => a?.verdict ?? a),
     };`,
    { input: { dir, mode }, mounts: `mount -t tmpfs -o size=64k,${mount} none ${dir}` },
  );
}

describe('the mount alone decides', () => {
  for (const mode of [0o755, 0o644]) {
    const name = mode === 0o755 ? 'with x' : 'without x';
    needs('clipOs')(`a file ${name} on an exec mount is opened`, () => {
      expect(look('exec', mode)).toMatchObject({ checked: allowed, opened: allowed, plain: '+' });
    });
    needs('clipOs')(`a file ${name} on a noexec mount is refused, and binds`, () => {
      const { plain, ...verdicts } = look('noexec', mode);
      expect(plain).toBe('+');
      for (const verdict of Object.values(verdicts)) expect(verdict).toMatchObject(refused);
    });
  }
});

needs('clipOs')('without a noexec mount to ask about, nothing is known of it', () => {
  const found = runChild(`return mayexec.probe()`, {
    mounts: ['/proc', '/sys', '/run', '/dev/pts', '/dev/shm']
      .map((path) => `! mountpoint -q ${path} || mount -o remount,bind,exec ${path}`)
      .join('\n'),
  });
  expect(found).toMatchObject({ mechanism: 'none', oMayExec: { status: 'unsupported' } });
});

needs('clipOs')('probe names the dialect', () => {
  expect(probe()).toMatchObject({
    mechanism,
    oMayExec: { status: 'supported', errno: 'EACCES', dialect: 'clip-os', sysctl: false },
  });
});
