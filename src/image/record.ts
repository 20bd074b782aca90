/*
 * `mayexec image DIR -- COMMAND` puts this file into a folder and before the command. It compiles
 * CommonJS modules as those of an image are compiled. When Node ends, it writes the bytecode of
 * what V8 has compiled of them into that folder.
 */
import { hash } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import nodeModule from 'node:module';
import { dirname, join } from 'node:path';
import type { Script } from 'node:vm';
import { threadId } from 'node:worker_threads';

import { isScript, scriptOf, silenceLoader, wrap } from './bytecode.js';

type Compile = (this: NodeJS.Module, content: string, filename: string, format?: string) => unknown;
const { prototype } = nodeModule as unknown as { prototype: { _compile: Compile } };

const scripts: { script: Script; text: string }[] = [];

function compile(text: string, filename: string): Script | undefined {
  try {
    return scriptOf(wrap(text), filename);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

const original = prototype._compile;
prototype._compile = function (text, filename, format) {
  const isPlain = format === undefined || format === 'commonjs';
  const script = isPlain && this.id !== '.' && isScript(text) ? compile(text, filename) : undefined;
  if (script === undefined) return original.call(this, text, filename, format);
  scripts.push({ script, text });
  const require = original.call(this, 'return require', filename, 'commonjs');
  const run = script.runInThisContext() as (...args: unknown[]) => unknown;
  const { exports } = this as { exports: unknown };
  return run.call(exports, exports, require, this, filename, dirname(filename));
};
silenceLoader();

/** A full disk must not change how the program ends, nor leave half of the bytecode. */
process.on('exit', () => {
  for (const { script, text } of scripts) {
    const file = join(__dirname, `${hash('sha256', text)}.${process.pid}.${threadId}`);
    try {
      writeFileSync(file, script.createCachedData());
    } catch (error) {
      rmSync(file, { force: true });
      process.stderr.write(`mayexec: bytecode is missing: ${(error as Error).message} '${file}'\n`);
      return;
    }
  }
});
