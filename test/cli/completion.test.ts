import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { program } from '../../src/cli/program.js';
import { withPrograms } from '../support/other-programs.js';
import { mayexec, tree } from './run.js';

const commands = (await program()).commands;

/** What bash would offer for these words, the last of which is being typed. */
async function offered(...words: string[]): Promise<string[]> {
  const { stdout: script } = await mayexec(['completion', 'bash']);
  const typed = `${script}\nCOMP_WORDS=("$@") COMP_CWORD=$(($# - 1)); _mayexec; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr } = spawnSync('bash', ['-c', typed, 'bash', 'mayexec', ...words], {
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  return stdout.split('\n').filter(Boolean).sort();
}

describe('in bash', () => {
  it('every command is offered', async () => {
    const names = commands.map((command) => command.name());
    expect(await offered('')).toEqual([...names, '--help', '--version'].sort());
    expect(await offered('s')).toEqual(['sbom', 'scan', 'seal']);
  });

  it.each(commands.map((command) => [command.name(), command] as const))(
    'every option of %s is offered',
    async (name, command) => {
      const longs = command.options.map(({ long }) => long);
      expect(await offered(name, '--')).toEqual([...longs, '--help'].sort());
    },
  );

  it('the shells are offered', async () => {
    expect(await offered('completion', '')).toEqual(['bash', 'fish', 'zsh']);
    expect(await offered('completion', 'bash', '')).toEqual([]);
  });

  it('files, and what comes after --, are left to the shell', async () => {
    expect(await offered('check', 'a')).toEqual([]);
    expect(await offered('run', '--', 'node', '--')).toEqual([]);
  });
});

for (const shell of ['zsh', 'fish'] as const) {
  withPrograms(shell)(`${shell} takes its completion, in which every option is`, async () => {
    const { stdout: script } = await mayexec(['completion', shell]);
    const file = join(tree({ completion: script }), 'completion');
    const { status, stderr } = spawnSync(shell, ['-n', file], { encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    for (const command of commands) {
      expect(script).toContain(command.name());
      for (const { long } of command.options) expect(script).toContain(long?.slice(2));
    }
  });
}

withPrograms('fish')('fish offers commands and options', async () => {
  const { stdout: script } = await mayexec(['completion', 'fish']);
  const file = join(tree({ completion: script }), 'completion');
  const typed =
    'source $argv[1]; complete -C "mayexec ex"; complete -C "mayexec explain --fr"; complete -C "mayexec completion z"';
  const { stdout } = spawnSync('fish', ['-c', typed, file], { encoding: 'utf8' });
  expect(stdout).toMatch(/^explain\t.*\n--from-audit\t.*\nzsh$/m);
});

it('no other shell is known', async () => {
  const { status, stderr } = await mayexec(['completion', 'tcsh']);
  expect(status).toBe(2);
  expect(stderr).toContain('bash, zsh, fish');
});
