import { writeSync } from 'node:fs';
import { resolve } from 'node:path';

import { embedded, OWN_OPTIONS } from './embedded.js';
import {
  helpText,
  INVALID_ARGUMENT,
  OptionError,
  parseCommandLine,
  type CommandLine,
} from './command-line.js';

const fixedOptions: readonly string[] = [...OWN_OPTIONS, ...(embedded?.nodeOptions ?? [])];

interface ProcessInternals {
  argv: string[];
  execArgv: string[];
  _eval?: string;
  _forceRepl?: boolean;
}
const node = process as unknown as ProcessInternals;

function parse(args: readonly string[]): CommandLine {
  try {
    return parseCommandLine(args, fixedOptions, process.env['NODE_TEST_CONTEXT'] !== undefined);
  } catch (error) {
    if (!(error instanceof OptionError)) throw error;
    writeSync(2, `mayexec: ${error.message}\n`);
    process.exit(INVALID_ARGUMENT);
  }
}

/** Node puts these on `process` in the same way. */
function define(name: '_eval' | '_forceRepl', value: unknown): void {
  Object.defineProperty(process, name, {
    value,
    configurable: true,
    enumerable: true,
    writable: true,
  });
}

/**
 * Reads the command line, and sets in `process` what Node would have set there. The executable's
 * main thread does this first. process.argv is [executable, its own name, ...].
 */
export function readCommandLine(): CommandLine {
  const line = parse(process.argv.slice(2));
  const [script, ...rest] = line.rest;
  const isFile =
    script !== undefined &&
    script !== '-' &&
    line.values['--eval'] === undefined &&
    line.flags['--entry-url'] !== true &&
    line.flags['--test'] !== true;
  node.argv = [process.execPath, ...(isFile ? [resolve(script), ...rest] : line.rest)];
  node.execArgv = line.execArgv;
  if (line.values['--eval'] !== undefined) define('_eval', line.values['--eval']);
  if (line.flags['--interactive'] === true) define('_forceRepl', true);
  if (line.flags['--version'] === true || line.flags['--help'] === true) {
    writeSync(1, line.flags['--help'] === true ? helpText(fixedOptions) : `${process.version}\n`);
    process.exit(0);
  }
  return line;
}
