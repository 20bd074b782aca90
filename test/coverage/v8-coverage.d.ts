/** What of it the measuring uses. The package has no types. */
declare module '@bcoe/v8-coverage' {
  import type { Profiler } from 'node:inspector';

  interface ProcessCov {
    readonly result: Profiler.ScriptCoverage[];
  }

  /** One coverage for those of many processes. It may change what is passed. */
  export function mergeProcessCovs(processes: readonly ProcessCov[]): ProcessCov;
}
