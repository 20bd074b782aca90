import { causes, fix } from '../../denial-advice.js';
import type { DenialReason } from '../../verdict.js';

const others: Readonly<Record<string, { meaning: string; help: string }>> = {
  gate: {
    meaning: 'the program made code of data (eval, vm, …), which run --strict refuses',
    help: 'open the gates that it needs, or change the program',
  },
  option: {
    meaning: 'an option of Node or a variable that mayexec run refuses or removes',
    help: 'start the program without it',
  },
  start: {
    meaning: 'a way to start a program that mayexec refuses',
    help: 'start it in another way; the record says why it is refused',
  },
  'no-file': {
    meaning: 'code from -e, standard input, a data: URL or the text of a Worker',
    help: 'put the code into a file',
  },
  // Only without a check: a refusal by the kernel has a reason.
  EACCES: {
    meaning: 'the code is in no file of its own: in an archive, or a program replaced the text',
    help: 'unpack it (yarn unplug), or load the file as it is',
  },
  ENOSYS: {
    meaning: 'the kernel has no check',
    help: 'mayexec probe says what is missing on that host',
  },
  ETXTBSY: {
    meaning: 'the file was open for writing',
    help: 'mayexec explain names the process that writes it',
  },
};

const isReason = (cause: string): cause is DenialReason => Object.hasOwn(causes, cause);

export function meaningOf(cause: string): string {
  if (isReason(cause)) return causes[cause];
  return others[cause]?.meaning ?? 'the check failed';
}

/** What helps against a cause, whatever the file. */
export function helpFor(cause: string): string {
  if (cause === 'mode') return 'give the files an x bit: mayexec seal';
  if (isReason(cause)) return fix(cause, '');
  return others[cause]?.help ?? 'mayexec explain FILE says more';
}
