import { Argument, Command } from 'commander';

import { print } from './terminal.js';

const SHELLS = ['bash', 'zsh', 'fish'] as const;
type Shell = (typeof SHELLS)[number];

/** A command and its options. The data come from the commands themselves, so they always agree. */
interface Typed {
  readonly name: string;
  readonly about: string;
  readonly options: readonly { long: string; about: string }[];
  /** The possible first arguments, if they are limited. */
  readonly choices: readonly string[];
}

export function completion(all: () => Promise<Command>): Command {
  return new Command('completion')
    .description('print the completion of this command for a shell')
    .addArgument(new Argument('<shell>', 'the shell').choices(SHELLS))
    .addHelpText(
      'after',
      `
  bash: eval "$(mayexec completion bash)", in ~/.bashrc
  zsh:  mayexec completion zsh > "\${fpath[1]}/_mayexec"
  fish: mayexec completion fish > ~/.config/fish/completions/mayexec.fish`,
    )
    .action(async (shell: Shell) => {
      const commands = (await all()).commands.map(typed);
      print({ bash, zsh, fish }[shell](commands));
    });
}

function typed(command: Command): Typed {
  const options = command
    .createHelp()
    .visibleOptions(command)
    .flatMap(({ long, description }) => (long === undefined ? [] : [{ long, about: description }]));
  const choices = command.registeredArguments[0]?.argChoices ?? [];
  return { name: command.name(), about: command.description(), options, choices };
}

const names = (commands: readonly Typed[]): string => commands.map(({ name }) => name).join(' ');
const limited = (commands: readonly Typed[]): Typed[] =>
  commands.filter(({ choices }) => choices.length > 0);
const longs = ({ options }: Typed): string => options.map(({ long }) => long).join(' ');

/** The shell itself completes another command after `--`, and files where no option fits. */
function bash(commands: readonly Typed[]): string {
  return `_mayexec() {
  local word=\${COMP_WORDS[COMP_CWORD]} words= i
  for ((i = 1; i < COMP_CWORD; i++)); do [[ \${COMP_WORDS[i]} == -- ]] && return; done
  if ((COMP_CWORD == 1)); then
    words='${names(commands)} --help --version'
  elif [[ $word == -* ]]; then
    case \${COMP_WORDS[1]} in
${commands.map((command) => `      ${command.name}) words='${longs(command)}' ;;`).join('\n')}
    esac
  elif ((COMP_CWORD == 2)); then
    case \${COMP_WORDS[1]} in
${limited(commands)
  .map(({ name, choices }) => `      ${name}) words='${choices.join(' ')}' ;;`)
  .join('\n')}
    esac
  fi
  COMPREPLY=($(compgen -W "$words" -- "$word"))
}
complete -o default -F _mayexec mayexec`;
}

/** One item of _describe, where a colon ends the name. */
const item = (name: string, about: string): string =>
  `'${`${name.replaceAll(':', '\\:')}:${about}`.replaceAll("'", "'\\''")}'`;

function zsh(commands: readonly Typed[]): string {
  return `#compdef mayexec
_mayexec() {
  local -a found
  if (( CURRENT == 2 )); then
    found=(${commands.map(({ name, about }) => item(name, about)).join(' ')})
    _describe command found
  elif [[ $PREFIX == -* && \${words[(i)--]} -ge CURRENT ]]; then
    case $words[2] in
${commands
  .map(
    ({ name, options }) =>
      `      ${name}) found=(${options.map(({ long, about }) => item(long, about)).join(' ')}) ;;`,
  )
  .join('\n')}
    esac
    _describe -o option found
  elif (( CURRENT == 3 )); then
    case $words[2] in
${limited(commands)
  .map(({ name, choices }) => `      ${name}) compadd ${choices.join(' ')} ;;`)
  .join('\n')}
      *) _files ;;
    esac
  else
    _files
  fi
}
compdef _mayexec mayexec`;
}

const fishWord = (text: string): string => `'${text.replace(/[\\']/g, '\\$&')}'`;

function fish(commands: readonly Typed[]): string {
  return commands
    .flatMap(({ name, about, options, choices }) => [
      `complete -c mayexec -n __fish_use_subcommand -a ${name} -d ${fishWord(about)}`,
      ...options.map(
        ({ long, about: text }) =>
          `complete -c mayexec -n '__fish_seen_subcommand_from ${name}' -l ${long.slice(2)} -d ${fishWord(text)}`,
      ),
      ...(choices.length === 0
        ? []
        : [
            `complete -c mayexec -n '__fish_seen_subcommand_from ${name}' -f -a '${choices.join(' ')}'`,
          ]),
    ])
    .join('\n');
}
