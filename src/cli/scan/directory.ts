import { closeSync } from 'node:fs';

import { advice } from '../advice.js';
import { conclude, report, type ReportOptions } from '../report/report.js';
import { amount, printable, quoted, quotedPath, warn } from '../terminal.js';
import { shownExtensions } from '../tree/extensions.js';
import { openRoot } from '../tree/open.js';
import { scanTree } from './tree.js';

/**
 * `mayexec scan DIR`: reports the files beneath a directory that would be refused. Returns the exit
 * status.
 */
export async function scanDirectory(
  directory: string,
  options: ReportOptions & { emulate?: boolean; ext?: readonly string[] },
): Promise<number> {
  const { emulate = false, ext = [] } = options;
  const root = openRoot(directory);
  try {
    const found = await scanTree(root, directory, emulate, ext);
    const { code, files, links } = found;
    const also = ext.length === 0 ? '' : `--ext ${printable(quoted(shownExtensions(ext)))} `;
    report(
      options,
      { root: directory, ...found },
      {
        seen: `${amount(code, 'file')} of code among ${amount(files, 'file')} in ${printable(directory)}`,
        advice: (reason) =>
          reason === 'mode'
            ? `mayexec seal ${also}${printable(quotedPath(directory))}`
            : advice(reason, directory),
      },
    );
    for (const path of links) {
      warn(
        `${printable(path)}: a symbolic link that leaves the tree, so its target was not examined`,
      );
    }
    return conclude(found);
  } finally {
    closeSync(root);
  }
}
