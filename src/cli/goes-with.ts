import type { Command } from 'commander';

/** The options that mean nothing alone, each with the one that it belongs to. */
export type Pairs = readonly (readonly [option: string, belongsTo: string])[];

function isGiven(command: Command, flag: string): boolean {
  const option = command.options.find(({ long }) => long === flag);
  const source = option && command.getOptionValueSource(option.attributeName());
  return source !== undefined && source !== 'default';
}

/** An option without the one that it belongs to is a mistake, and not silently ignored. */
export function checkPairs(command: Command, pairs: Pairs): void {
  for (const [option, belongsTo] of pairs)
    if (isGiven(command, option) && !isGiven(command, belongsTo))
      command.error(`error: ${option} goes with ${belongsTo}`);
}
