import { readFileSync } from 'node:fs';

import type { Command } from 'commander';
import { expect, it } from 'vitest';

import { program } from '../../src/cli/program.js';
import { launcherHelp } from '../../src/launch/launcher-options.js';

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

const everyHelp = [...commands, ...commands.flatMap((command) => command.commands)].map(
  (command) => [command.parent?.name() === 'mayexec' ? command.name() : 'image check', command],
);

it.each(everyHelp as [string, Command][])('the help of %s fits a terminal', (_, command) => {
  let help = '';
  command.configureOutput({ getOutHelpWidth: () => 80, writeOut: (part) => (help += part) });
  command.outputHelp();
  expect(help.split('\n').filter((line) => line.length > 80)).toEqual([]);
});

it('the help of mayexec-run fits a terminal', () => {
  expect(
    launcherHelp()
      .split('\n')
      .filter((line) => line.length > 80),
  ).toEqual([]);
});

it.each(commands.map((command) => [command.name(), command.description()]))(
  'the description of %s is a phrase, as in every list of commands',
  (_, description) => {
    expect(description).toMatch(/^[a-z].*[^.]$/);
  },
);
