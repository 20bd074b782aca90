import { Command } from 'commander';

import { exitStatus, setStatus } from '../exit-status.js';
import { NO_RECORD, readAuditLogs, sayNothing, tellUnread } from '../read-audit-log.js';
import { jsonText, readDocument } from '../read-document.js';
import { amount, output, printable, warn } from '../terminal.js';
import { writeWhole } from '../write-whole.js';
import { assign } from './assign.js';
import { BomError, note, parseBom, type Bom } from './components.js';
import { LoadedPackages } from './loaded.js';

interface Options {
  fromAudit: string[];
  out: string;
}

export function sbom(): Command {
  return new Command('sbom')
    .description('add to a CycloneDX file which components had code loaded')
    .argument('[file]', 'the CycloneDX file, in JSON; - is standard input', '-')
    .requiredOption(
      '--from-audit <log...>',
      'audit logs of the application (also .gz; - is standard input)',
    )
    .option('--out <file>', 'where to write it; - is standard output', '-')
    .addHelpText(
      'after',
      `
Each component gets three properties:
  mayexec:loaded       whether any of its code was loaded (true or false)
  mayexec:files        how many of its files were loaded
  mayexec:not-allowed  how many of those the kernel would not execute

  npm sbom --sbom-format cyclonedx > app.cdx.json
  mayexec sbom app.cdx.json --from-audit app.jsonl --out loaded.cdx.json

Exit status:
  0  written
  1  written, but code was loaded from packages that it does not list
  2  not written, or lines of a log could not be read`,
    )
    .action(async (file: string, { fromAudit, out }: Options, command: Command) => {
      if (file === '-' && fromAudit.includes('-')) {
        command.error('error: standard input is either the CycloneDX file or a log');
      }
      setStatus(await make(file, fromAudit, out));
    });
}

/** Throws node:fs's errors. */
async function make(file: string, logs: readonly string[], out: string): Promise<number> {
  let bom: Bom;
  try {
    bom = parseBom(readDocument(file, jsonText));
  } catch (error) {
    if (!(error instanceof BomError)) throw error;
    warn(`${file === '-' ? 'standard input' : printable(file)}: ${printable(error.message)}`);
    return exitStatus.failure;
  }
  const loaded = new LoadedPackages();
  let records = 0;
  const unread = await readAuditLogs(logs, (line) => {
    records += 1;
    loaded.add(line);
  });
  const isEmpty = sayNothing(records, unread);
  const isComplete = tellUnread(unread);
  if (isEmpty) warn(NO_RECORD);
  if (records === 0 && (isEmpty || unread.logs.length > 0)) return exitStatus.failure;
  const { components, others } = assign(bom, loaded);
  let used = 0;
  for (const [component, entries] of components) {
    const sum = (of: 'files' | 'notAllowed'): number =>
      entries.reduce((total, entry) => total + entry[of].size, 0);
    note(component, sum('files'), sum('notAllowed'));
    used += Number(entries.length > 0);
  }
  const text = `${JSON.stringify(bom, null, 2)}\n`;
  if (out === '-') output.write(1, text);
  else writeWhole(out, text);
  warn(`${used} of ${amount(components.size, 'component')} had code loaded`);
  for (const { name, version, folder } of others) {
    const package_ = version === undefined ? name : `${name}@${version}`;
    warn(`${printable(package_)} in ${printable(folder)} belongs to no component`);
  }
  if (!isComplete) return exitStatus.failure;
  return others.length > 0 ? exitStatus.findings : exitStatus.ok;
}
