import { InvalidArgumentError } from 'commander';

/** The name of a file as the value of an option. */
export function fileName(value: string): string {
  if (value === '') throw new InvalidArgumentError('It must name a file.');
  return value;
}
