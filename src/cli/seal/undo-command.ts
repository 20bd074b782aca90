import { exitStatus } from '../exit-status.js';
import { amount, print, printJson, styled } from '../terminal.js';
import { openOldJournal } from './journal-place.js';
import { complain } from './refusal.js';
import { undoSeal } from './undo.js';

interface UndoOptions {
  json?: boolean;
  dryRun?: boolean;
  /** False for no journal. */
  journal?: string | false;
}

/** What `seal --undo` does and prints. Resolves to its exit status. */
export async function undoByJournal(
  root: number,
  directory: string,
  { journal: file, json, dryRun = false }: UndoOptions,
): Promise<number> {
  const journal = openOldJournal(root, directory, file === false ? undefined : file);
  try {
    const undone = await undoSeal(root, directory, journal.read(), dryRun);
    const { restored, already, gone, refused } = undone;
    if (!dryRun && refused.length === 0) journal.remove();
    if (json) printJson({ root: directory, dryRun, ...undone });
    else {
      print(
        `${styled('green', `${amount(restored, 'file')} ${dryRun ? 'would be restored' : 'restored'}`)}, ${already} had their old mode, ${gone.length} gone or replaced, ${refused.length} left as they are`,
      );
    }
    complain(refused);
    if (refused.some(({ refusal }) => refusal === 'failed')) return exitStatus.failure;
    return refused.length > 0 ? exitStatus.findings : exitStatus.ok;
  } finally {
    journal.close();
  }
}
