/** The lab's own small programs in C. */
import { basename, join } from 'node:path';
import { entry, ingredient, lab } from './cache.js';
import { must } from './exec.js';

const compile = ['cc', '-std=c11', '-Wall', '-Wextra', '-Werror', '-O2', '-static'];

/** Path of the program that a C file of lab/ makes. */
export async function program(file: string): Promise<string> {
  const name = basename(file, '.c');
  const ingredients = [compile.join(' '), await must(['cc', '--version']), ingredient(file)];
  const directory = await entry(`program-${name}`, ingredients, async (built) => {
    await must([...compile, '-o', join(built, name), join(lab, file)]);
  });
  return join(directory, name);
}

/** The words before a command that a program or a shell script of lab/ runs. */
export async function through(file: string | undefined): Promise<string[]> {
  if (file === undefined) return [];
  return file.endsWith('.c') ? [await program(file)] : ['sh', join(lab, file)];
}
