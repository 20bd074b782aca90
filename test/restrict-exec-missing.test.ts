import { expect, it, vi } from 'vitest';

import { restrictExec } from '../src/restrict-exec.js';

const native = vi.hoisted(() => ({ landlockAbi: vi.fn() }));
vi.mock('../src/addon.js', () => ({ addon: () => native }));

it.each([
  [-38, 'kernel', /needs Linux 5\.13 or newer.*ENOSYS/],
  [-95, 'kernel', /not enabled.*ENOTSUP.*lsm=/],
  [-1, 'filtered', /seccomp filter.*EPERM/],
])('where Landlock answers %i, it is UnsupportedError with reason %s', (errno, reason, message) => {
  native.landlockAbi.mockReturnValue(errno);
  expect(() => restrictExec({ allow: ['/usr'] })).toThrow(
    expect.objectContaining({
      name: 'UnsupportedError',
      code: 'ERR_MAYEXEC_UNSUPPORTED',
      reason,
      message: expect.stringMatching(message) as string,
    }) as Error,
  );
});
