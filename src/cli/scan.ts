import { closeSync } from 'node:fs';

import { Command, Option } from 'commander';

import type { DenialReason } from '../verdict.js';
import { causes, fix } from './advice.js';
import { exitStatus, setStatus } from './exit-status.js';
import { countOf, findings, type Finding, type Refused, type Report } from './findings.js';
import type { HeadStart } from './head-start.js';
import { table } from './table.js';
import { amount, print, printable, printJson, quoted, styled, warn } from './terminal.js';
import { openRoot, scanTree, type Scan } from './tree.js';

const SHOWN = 20;

interface Options {
  json?: boolean;
  sarif?: boolean;
  junit?: boolean;
  all?: boolean;
  emulate?: boolean;
}

export function scan(started?: HeadStart): Command {
  return new Command('scan')
    .description('find the files of an application that would be refused as code')
    .argument('[dir]', 'the application, or its node_modules', '.')
    .option('--all', 'list every refused file, not just how many there are')
    .addOption(new Option('--json', 'print the findings as JSON').conflicts(['sarif', 'junit']))
    .addOption(new Option('--sarif', 'print them as SARIF 2.1.0').conflicts(['junit']))
    .option('--junit', 'print them as JUnit XML')
    .option('--emulate', 'let mode bits and mount options answer where the kernel cannot be asked')
    .addHelpText(
      'after',
      `
Code is what Node would load: .js .cjs .mjs .node .wasm .ts .cts .mts, scripts
without an extension whose #! line names node, and what package.json names as
main, bin, exports or imports. Symbolic links are not followed.

Exit status: 0 nothing is refused, 1 something is, 2 part of the tree could not
be examined, 3 the kernel cannot be asked.`,
    )
    .action(async (directory: string, options: Options) => {
      const begun = started?.directory === directory ? started : undefined;
      const root = begun?.root ?? openRoot(directory);
      try {
        const walking = scanTree(root, directory, options.emulate ?? false, begun?.records);
        // Loaded while the walk goes on, on its own thread.
        const [found, write] = await Promise.all([walking, writerFor(options)]);
        write(directory, found);
        complain(found);
        setStatus(statusOf(found));
      } finally {
        closeSync(root);
      }
    });
}

function statusOf({ refused, unexamined }: Scan): number {
  if (unexamined.length > 0) return exitStatus.failure;
  return refused.length > 0 ? exitStatus.findings : exitStatus.ok;
}

type Writer = (directory: string, found: Scan) => void;

async function writerFor({ json, sarif: asSarif, junit: asJunit, all }: Options): Promise<Writer> {
  if (json) {
    return (directory, found) => {
      printJson(reportOf(directory, found));
    };
  }
  if (asSarif) {
    const { sarif } = await import('./sarif.js');
    return (directory, found) => {
      printJson(sarif(reportOf(directory, found)));
    };
  }
  if (asJunit) {
    const { junit } = await import('./junit.js');
    return (directory, found) => {
      print(junit(reportOf(directory, found)));
    };
  }
  return (directory, found) => {
    showToPerson(directory, found, all ?? false);
  };
}

function reportOf(directory: string, found: Scan): Report {
  return { root: directory, ...found, refused: findings(found.refused) };
}

function complain({ links, unexamined }: Scan): void {
  for (const path of links) {
    warn(
      `${printable(path)}: a symbolic link that leaves the tree; what it leads to was not looked at`,
    );
  }
  for (const { path, errno } of unexamined) {
    warn(`${printable(path)}: could not be examined (${errno})`);
  }
}

/** How many files there are of each key, the most first. */
function countBy(refused: readonly Refused[], key: (group: Refused) => string): [string, number][] {
  const counts = new Map<string, number>();
  for (const group of refused) counts.set(key(group), (counts.get(key(group)) ?? 0) + group.count);
  return [...counts].sort((a, b) => b[1] - a[1]);
}

function showToPerson(directory: string, found: Scan, all: boolean): void {
  const { refused, code, files } = found;
  const name = printable(directory);
  const seen = `${amount(code, 'file')} of code among ${amount(files, 'file')} in ${name}`;
  if (refused.length === 0) {
    print(`${styled('green', 'nothing is refused')}: ${seen}`);
    return;
  }
  print(`${styled('red', `${amount(countOf(refused), 'file')} would be refused`)}: ${seen}`);
  print();
  print(
    table(
      countBy(refused, ({ reason }) => reason).map(([reason, count]) => [
        reason,
        count,
        causes[reason as DenialReason],
        adviceFor(reason as DenialReason, directory),
      ]),
      ['cause', 'files', 'meaning', 'what helps'],
    ),
  );
  print();
  if (all) {
    print(table(findings(refused).map(rowOf), ['file', 'cause', 'package']));
    return;
  }
  const packages = countBy(refused, (group) => `${group.package}\0${group.reason}`);
  print(
    table(
      packages.slice(0, SHOWN).map(([key, count]) => {
        const [owner = '', reason = ''] = key.split('\0');
        return [printable(owner), reason, count];
      }),
      ['package', 'cause', 'files'],
    ),
  );
  if (packages.length > SHOWN) {
    print(`and ${amount(packages.length - SHOWN, 'other package')}; --all lists every file`);
  }
}

function rowOf({ path, reason, package: owner }: Finding): string[] {
  return [printable(path), reason, printable(owner)];
}

function adviceFor(reason: DenialReason, directory: string): string {
  return reason === 'mode'
    ? `mayexec seal ${printable(quoted(directory))}`
    : fix(reason, directory);
}
