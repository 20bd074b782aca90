import { writeSync } from 'node:fs';

/** A loader that prints the source that it is given, as a loader that rewrites sources reads it. */
export async function load(url, context, nextLoad) {
  const { format, source } = await nextLoad(url, context);
  writeSync(1, `${format} ${Buffer.isBuffer(source)} ${source}\n`);
  return { format, source, shortCircuit: true };
}
