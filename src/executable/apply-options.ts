import type { CommandLine } from './command-line.js';
import { moduleExports } from '../preload/load/node-module.js';

interface Settings {
  noDeprecation?: boolean;
  throwDeprecation?: boolean;
  traceDeprecation?: boolean;
  traceProcessWarnings?: boolean;
  setSourceMapsEnabled(on: boolean): void;
}
const node = process as unknown as Settings & NodeJS.Process;

/** The options of Node that a script can set, and how. */
const SETTERS: Readonly<Record<string, () => void>> = {
  '--enable-source-maps': () => {
    node.setSourceMapsEnabled(true);
  },
  '--no-warnings': () => {
    process.removeAllListeners('warning');
  },
  '--no-deprecation': () => {
    node.noDeprecation = true;
  },
  '--throw-deprecation': () => {
    node.throwDeprecation = true;
  },
  '--trace-deprecation': () => {
    node.traceDeprecation = true;
  },
  '--trace-warnings': () => {
    node.traceProcessWarnings = true;
  },
};

/**
 * Call this before the load hooks are installed, so that they are the innermost hooks of every
 * module.
 */
export function applyOptions({ flags, values, conditions }: CommandLine): void {
  for (const name of Object.keys(flags)) if (Object.hasOwn(SETTERS, name)) SETTERS[name]?.();
  const title = values['--title'];
  if (title !== undefined) process.title = title;
  const limit = values['--stack-trace-limit'];
  if (limit !== undefined) Error.stackTraceLimit = Number(limit);
  if (conditions.length > 0) {
    moduleExports.registerHooks?.({
      resolve: (specifier, context, nextResolve) =>
        nextResolve(specifier, {
          ...context,
          conditions: [...(context.conditions ?? []), ...conditions],
        }),
    });
  }
}
