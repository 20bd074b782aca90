import { readFileSync } from 'node:fs';

import { expect, it } from 'vitest';

import { program } from '../../src/cli/program.js';

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');
const man = read('../../man/mayexec.1').replaceAll('\\-', '-');
const text = read('../../docs/cli.md');

const commands = (await program()).commands;
const options = commands.flatMap((command) =>
  command.options.map(({ long }) => [command.name(), long ?? ''] as const),
);

it.each(commands.map((command) => command.name()))('man page and docs/cli.md know %s', (name) => {
  expect(man).toContain(`.SS mayexec ${name}\n`);
  expect(text).toContain(`\`mayexec ${name}`);
});

it.each(options)('the section of %s in the man page knows %s', (name, option) => {
  const section = man.split(`.SS mayexec ${name}\n`)[1]?.split(/^\.S[SH]/m)[0];
  expect(section).toContain(option);
});
