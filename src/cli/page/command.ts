import { basename, dirname, resolve } from 'node:path';

import { Command, InvalidArgumentError, Option } from 'commander';

import { exitStatus, setStatus } from '../exit-status.js';
import { readAuditLogs, tellUnread } from '../read-audit-log.js';
import { output, printable, warn } from '../terminal.js';
import { writeWhole } from '../write-whole.js';
import { DAY_MS, Evidence } from './evidence.js';
import { lookInto } from './installed.js';
import { pageOf } from './page.js';

interface Options {
  fromAudit: readonly string[];
  html: string;
  scan?: string;
  hostByFolder?: boolean;
  since?: number;
}

export function report(): Command {
  return new Command('report')
    .description('make a page of what audit logs say: what would be refused, and what to do next')
    .requiredOption('--from-audit <log...>', 'audit logs (also .gz; - is standard input)')
    .requiredOption('--html <file>', 'where to write the page; - is standard output')
    .option('--scan <dir>', 'also list which packages of this application never load')
    .option('--host-by-folder', 'take the name of a host from the folder of its log')
    .addOption(
      new Option('--since <day>', 'leave out what was recorded before (YYYY-MM-DD)').argParser(
        toDay,
      ),
    )
    .addHelpText(
      'after',
      `
The page is one file that loads nothing: it can be sent, printed and kept.

  mayexec report --from-audit logs/*/*.gz --host-by-folder --html report.html

Exit status:
  0  written, and nothing would be refused
  1  written, and something would be refused
  2  not written, or the logs are not complete`,
    )
    .action(async (options: Options) => {
      setStatus(await make(options));
    });
}

function toDay(text: string): number {
  const time = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(text) : NaN;
  if (Number.isNaN(time)) throw new InvalidArgumentError('It must be a day, such as 2026-03-08.');
  return time / DAY_MS;
}

/** Throws the errors of node:fs, node:zlib and openat2. */
async function make({ fromAudit, html, scan, hostByFolder, since }: Options): Promise<number> {
  const evidence = new Evidence(since === undefined ? {} : { since });
  const unread = await readAuditLogs(fromAudit, (line, file) => {
    evidence.add(line, hostByFolder === true ? folderOf(file) : undefined);
  });
  if (unread.logs.length === fromAudit.length && evidence.records === 0) {
    tellUnread(unread);
    return exitStatus.failure;
  }
  const installed = scan === undefined ? undefined : await lookInto(scan);
  const given = {
    logs: fromAudit,
    html,
    scan: installed?.root,
    more: [
      ...(installed === undefined ? [] : ['--scan', installed.root]),
      ...(hostByFolder === true ? ['--host-by-folder'] : []),
    ],
  };
  const { text, verdict } = pageOf(evidence, unread, installed, given);
  if (html === '-') output.write(1, text);
  else writeWhole(html, text);
  warn(`${html === '-' ? 'the page' : printable(html)}: ${verdict.title}`);
  for (const one of verdict.warnings) warn(printable(one));
  if (installed !== undefined && installed.unexamined > 0) {
    warn(`${installed.unexamined} paths in ${printable(installed.root)} could not be examined`);
    return exitStatus.failure;
  }
  if (!verdict.isComplete) return exitStatus.failure;
  return verdict.state === 'refused' ? exitStatus.findings : exitStatus.ok;
}

/** The name of the folder that a log is in. */
function folderOf(file: string): string {
  return basename(dirname(resolve(file)));
}
