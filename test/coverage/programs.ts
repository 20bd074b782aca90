import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { Profiler } from 'node:inspector';
import { join } from 'node:path';

import { mergeProcessCovs } from '@bcoe/v8-coverage';
import { CoverageReport } from 'monocart-coverage-reports';

interface Written {
  readonly result: Profiler.ScriptCoverage[];
  readonly 'source-map-cache'?: Record<string, unknown>;
}

/** Undefined for what a Node had not written to the end when a signal ended it. */
function read(file: string): Written | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Written;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/**
 * Puts what the Nodes wrote about the files of dist/ into one file: to go by the source maps takes
 * a tenth of a second for each file that is read.
 */
function merge(raw: string, merged: string, isCounted: (url: string) => boolean): void {
  const processes: { result: Profiler.ScriptCoverage[] }[] = [];
  const maps: Record<string, unknown> = {};
  for (const name of readdirSync(raw)) {
    const written = read(join(raw, name));
    if (written === undefined) continue;
    processes.push({ result: written.result.filter(({ url }) => isCounted(url)) });
    for (const [url, map] of Object.entries(written['source-map-cache'] ?? {}))
      if (isCounted(url)) maps[url] = map;
  }
  mkdirSync(merged);
  writeFileSync(
    join(merged, 'coverage.json'),
    JSON.stringify({ ...mergeProcessCovs(processes), 'source-map-cache': maps }),
  );
}

/**
 * Reads what Nodes wrote into `raw` about the files of dist/ (NODE_V8_COVERAGE), and says by the
 * source maps what that is in src/. Returns the report, in lcov's format.
 */
export async function ofPrograms(raw: string, copy: string): Promise<string> {
  const outputDir = join(raw, '../of-programs');
  const merged = join(raw, '../merged');
  const report = new CoverageReport({
    ...{ baseDir: copy, outputDir, reports: ['lcovonly'], logging: 'error', clean: true },
    // Not the sources of a library that is in the command.
    sourcePath: (path: string) =>
      path.includes('node_modules/') ? path : path.replace(/^.*?(src\/)/, '$1'),
  });
  if (readdirSync(raw).length > 0) {
    merge(raw, merged, (url) => url.includes(`${copy}/dist/`));
    await report.addFromDir(merged);
    await report.generate();
  }
  return join(outputDir, 'lcov.info');
}
