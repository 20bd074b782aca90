/** One option of `mayexec run`, which mayexec-run takes. */
export interface LauncherOption {
  /** As commander writes it: `--audit-log <target>`. */
  readonly flags: string;
  readonly about: string;
}

/**
 * The texts for the command's help, the shells' completion and the launcher's own help. The
 * launcher is native/run/.
 */
export const LAUNCHER_OPTIONS: readonly LauncherOption[] = [
  { flags: '--lock', about: 'lock the securebits: nothing that is started can clear them' },
  { flags: '--audit', about: 'refuse nothing; the audit log says what would be refused' },
  { flags: '--warn', about: 'refuse nothing; standard error says what would be refused' },
  { flags: '--strict', about: 'close the gates by which a program turns a string into code' },
  { flags: '--allow <gate>', about: 'with --strict, leave this gate open; may be given again' },
  {
    flags: '--audit-log <target>',
    about:
      "write every verdict to a file, stdout, stderr, fd:N, syslog or journal; a file's name has a / or a .",
  },
  {
    flags: '--log <records>',
    about: 'which verdicts to write: refusals, first (each file once) or all',
  },
  {
    flags: '--log-text <characters>',
    about: 'also write this many characters of code that comes from no file',
  },
  {
    flags: '--image <file>',
    about: 'load modules from this file, made by mayexec image, and not from their own',
  },
  {
    flags: '--bytecode <file>',
    about:
      'use the bytecode in this file, made by mayexec seal or image, of modules that are unchanged',
  },
  {
    flags: '--allow-exec <path...>',
    about:
      'Landlock: execute, and load as code, only what is there; the command itself and its dynamic loader are allowed too',
  },
  {
    flags: '--only <bit>',
    about: 'to try an interpreter: set restrict-file or deny-interactive, and not the other',
  },
  {
    flags: '--no-preload',
    about:
      'to try an interpreter that asks by itself: Node, its options and the environment are left as they are',
  },
  { flags: '--quiet', about: 'do not name what was removed from the environment' },
];

const WIDTH = 80;
const INDENT = 26;

/** Wraps a text into lines. Each line after the first is indented. */
function wrapped(text: string): string {
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1) ?? '';
    if (line !== '' && INDENT + line.length + 1 + word.length > WIDTH) lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return lines.join(`\n${' '.repeat(INDENT)}`);
}

/** The text of `mayexec-run --help`. */
export function launcherHelp(): string {
  const options = [
    ...LAUNCHER_OPTIONS,
    { flags: '-V, --version', about: 'print the version' },
    { flags: '-h, --help', about: 'print this' },
  ];
  return `Usage: mayexec-run [options] [--] command [argument...]
       mayexec run [options] [--] command [argument...]

Run a command under the exec securebits, in the place of this process. A Node
gets mayexec's preload first. The first word that is not an option begins the
command.

Options:
${options.map(({ flags, about }) => `  ${flags.padEnd(INDENT - 2)}${wrapped(about)}`).join('\n')}

Exit status: the command's own, or, when nothing was started,
  2    bad arguments, or a path of --audit-log or --allow-exec cannot be opened
  3    Landlock is missing
  126  the command cannot be executed, or was refused
  127  the command was not found
`;
}
