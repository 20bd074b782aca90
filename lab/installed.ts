import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The file that PATH leads to for a program of this name. */
export function findProgram(program: string): string | undefined {
  const directories = (process.env['PATH'] ?? '').split(delimiter);
  return directories
    .map((directory) => join(directory, program))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

export function isInstalled(program: string): boolean {
  return findProgram(program) !== undefined;
}
