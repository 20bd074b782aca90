import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';

import { needs } from './support/kernel.js';
import { sandbox } from './support/sandbox.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const box = sandbox();

needs('execveCheck')("the README's lines work, and print what they say", () => {
  const readme = readFileSync(`${root}README.md`, 'utf8');
  const [, code = ''] = /```js\n([^]*?)```/.exec(readme) ?? [];
  const script = box.file('script.lua', 0o755, 'print("hello")\n');
  const output = execFileSync(
    process.execPath,
    ['--input-type=module', '--eval', code.replace('./script.lua', script)],
    { cwd: root, encoding: 'utf8' },
  );
  const promised = /console\.log\(.*\); \/\/ (.*)\n/.exec(code)?.[1];
  expect(output.trim()).toBe(promised);
});
