import { readdirSync } from 'node:fs';
import { join } from 'node:path';

import { CoverageReport } from 'monocart-coverage-reports';

/**
 * Reads what Nodes wrote into `raw` about the files of dist/ (NODE_V8_COVERAGE), and says by the
 * source maps what that is in src/. Returns the report, in lcov's format.
 */
export async function ofPrograms(raw: string, copy: string): Promise<string> {
  const outputDir = join(raw, '../of-programs');
  const report = new CoverageReport({
    ...{ baseDir: copy, outputDir, reports: ['lcovonly'], logging: 'error', clean: true },
    entryFilter: ({ url }: { url: string }) => url.includes(`${copy}/dist/`),
    // Not the sources of a library that is in the command.
    sourcePath: (path: string) =>
      path.includes('node_modules/') ? path : path.replace(/^.*?(src\/)/, '$1'),
  });
  if (readdirSync(raw).length > 0) {
    await report.addFromDir(raw);
    await report.generate();
  }
  return join(outputDir, 'lcov.info');
}
