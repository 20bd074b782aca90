import { Command, Option } from 'commander';

import type { DenialReason } from '../../verdict.js';
import { advice } from '../advice.js';
import { setStatus } from '../exit-status.js';
import { fileName } from '../file-name.js';
import { checkPairs } from '../goes-with.js';
import { conclude, report, type ReportOptions } from '../report/report.js';
import { amount, print, printable, quoted, quotedPath, warn } from '../terminal.js';
import { extensionOption } from '../tree/extensions.js';
import { scanDirectory } from './directory.js';
import { reportWritable } from './writable-report.js';

interface Options extends ReportOptions {
  emulate?: boolean;
  ext?: readonly string[];
  strict?: boolean;
  auditLog?: string;
  wx?: boolean;
  user?: string;
}

/** `words` are the whole command line, because commander does not report what came after `--`. */
export function scan(words: readonly string[]): Command {
  const end = words.indexOf('--');
  const program = end < 0 ? [] : words.slice(end + 1);
  return new Command('scan')
    .description('find the files of an application that would be refused as code')
    .usage('[options] [dir]\n       mayexec scan [options] -- <command...>')
    .argument('[dir]', 'the application, or its node_modules (default: ".")')
    .argument('[command...]', 'after --, a program to run, whose loaded files are examined')
    .option('--all', 'list every refused file, not only the numbers')
    .addOption(new Option('--json', 'print the findings as JSON').conflicts(['sarif', 'junit']))
    .addOption(new Option('--sarif', 'print them as SARIF 2.1.0').conflicts(['junit']))
    .option('--junit', 'print them as JUnit XML')
    .option('--emulate', 'use mode bits and mount options where the kernel has no check')
    .addOption(extensionOption())
    .option('--strict', 'with a program: print the gates that it needs under run --strict')
    .option(
      '--audit-log <file>',
      'with a program: keep the list of what it loaded, for seal',
      fileName,
    )
    .addOption(
      new Option('--wx', "list what a service's user can both write and have executed").conflicts([
        'sarif',
        'junit',
        'emulate',
        'strict',
        'auditLog',
      ]),
    )
    .option('--user <user>', 'with --wx: a name, a uid, or UID:GID (default: who runs this)')
    .addHelpText(
      'after',
      `
Code is what Node would load: .js .cjs .mjs .node .wasm .ts .cts .mts, scripts
without an extension whose #! line names node, and what package.json names as
main, bin, exports or imports, with any extension. --ext adds extensions of
other languages. Symbolic links are not followed.

A program runs with the preload, and nothing is enforced. Its code is what the
program, its Workers and its children load. With --json, --sarif and --junit its
output goes to standard error.

Exit status:
  0  nothing is refused
  1  something is refused
  2  part of the tree could not be examined
  3  the kernel has no check`,
    )
    .action(async (given: string | undefined, more: string[], options: Options, self: Command) => {
      const before = (given === undefined ? 0 : 1) + more.length - program.length;
      if (before > (program.length > 0 ? 0 : 1)) {
        self.error('error: name one directory, or a program after --');
      }
      if (options.strict === true && program.length === 0) {
        self.error('error: --strict needs a program after --');
      }
      if (options.ext !== undefined && program.length > 0) {
        self.error('error: --ext needs a directory: every file that a program loads is code');
      }
      if (options.wx === true && program.length > 0) {
        self.error('error: --wx looks at a directory, and runs no program');
      }
      checkPairs(self, [['--user', '--wx']]);
      if (options.auditLog !== undefined && program.length === 0) {
        self.error('error: --audit-log needs a program after --');
      }
      if (options.emulate === true && program.length > 0) {
        self.error('error: --emulate needs a directory: a program is examined by the kernel');
      }
      if (options.wx === true) setStatus(await reportWritable(given ?? '.', options));
      else if (program.length > 0) await scanProgram(program, options);
      else setStatus(await scanDirectory(given ?? '.', options));
    });
}

async function scanProgram(command: readonly string[], options: Options): Promise<void> {
  const { runAndWatch } = await import('./program.js');
  const { auditLog: log, json, sarif, junit } = options;
  const apart = (json ?? sarif ?? junit) === true;
  const found = await runAndWatch(command, {
    strict: options.strict === true,
    log,
    apart,
  });
  const seal = log === undefined ? 'seal' : `seal --from-audit ${printable(quotedPath(log))}`;
  const { status, signal, code, options: refused, withoutFile, lost } = found;
  const others = refused.length + found.starts.length + withoutFile;
  const isEmpty = code === 0 && withoutFile === 0;
  const missed = lost > 0 || isEmpty;
  report(options, found, {
    others: others > 0,
    missed,
    seen: `${amount(found.code, 'file')} of code loaded by ${printable(command.join(' '))}`,
    advice: (reason: DenialReason) =>
      reason === 'mode' ? `mayexec ${seal} .` : advice(reason, found.root),
  });
  if (found.gates !== undefined)
    tellGates(found.gates, command, { apart, runs: others + found.refused.length === 0 });
  if (status !== 0) {
    warn(`the program ended with ${signal === null ? `status ${String(status)}` : signal}`);
  }
  if (found.leftOut.length > 0) {
    warn(
      `mayexec run removes from the environment: ${found.leftOut.map((one) => printable(one)).join(', ')}`,
    );
  }
  if (withoutFile > 0) {
    warn(
      `code without a file (-e, standard input, a data: URL) ran, and would be refused (${withoutFile})`,
    );
  }
  if (refused.length > 0)
    warn(
      `Node was given options that are refused: ${refused.map((one) => printable(one)).join(', ')}`,
    );
  for (const why of found.starts) warn(`would be refused: ${printable(why)}`);
  if (lost > 0) warn(`${amount(lost, 'verdict')} did not fit into the audit log`);
  if (isEmpty) {
    warn('nothing was loaded: the program does not run in Node, or cleared NODE_OPTIONS');
  }
  setStatus(conclude(found, { more: others > 0, failed: missed }));
}

/**
 * Prints the gates that the program used, and if nothing else is refused, the command line that lets
 * it run as it did.
 */
function tellGates(
  gates: readonly string[],
  command: readonly string[],
  { apart, runs }: { apart: boolean; runs: boolean },
): void {
  const allowed = gates.map((gate) => ` --allow ${gate}`).join('');
  const words = printable(command.map(quoted).join(' '));
  const line = runs
    ? `To run it: mayexec run --strict${allowed} -- ${words}`
    : `When nothing else is refused, it needs: mayexec run --strict${allowed}`;
  if (apart) warn(line);
  else print(line);
}
