import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import { expect, it } from 'vitest';

it('docs/api.md is what the docstrings say, and nothing that is exported has none', () => {
  const program = fileURLToPath(new URL('../../api-reference.mjs', import.meta.url));
  const { status, stderr } = spawnSync(process.execPath, [program, '--check'], {
    encoding: 'utf8',
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
});
