import { describeErrno } from '../errno.js';
import { HIDDEN_CHARACTERS } from '../hidden-characters.js';
import { GATES } from '../preload/guard/gates.js';
import { WITHOUT_EVAL } from '../preload/inherit/preload-option.js';
import { everyRow } from '../tables/option-table.js';
import { adviceOf, nodeOptions } from '../tables/options.js';
import { everyV8Option } from '../tables/v8-options.js';
import { everyVariable } from '../tables/variables.js';
import { launcherHelp } from './launcher-options.js';

/** The last errno of Linux. */
const LAST_ERRNO = 134;

/** The tables that native/run/tables.mjs turns into C for mayexec-run. */
export const tables = {
  options: [
    ...everyRow(nodeOptions()).map((row) => ({ ...row, instead: adviceOf(row), isV8: false })),
    ...everyV8Option().map((row) => ({ ...row, instead: adviceOf(row), isV8: true })),
  ],
  variables: everyVariable(),
  gates: GATES,
  errnos: Array.from({ length: LAST_ERRNO }, (_, i) => ({
    number: i + 1,
    ...describeErrno(-1 - i),
  })).filter(({ text }) => text !== 'unknown error'),
  hiddenCharacters: HIDDEN_CHARACTERS,
  strictOption: WITHOUT_EVAL,
  help: launcherHelp(),
};
