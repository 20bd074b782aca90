/** The project's test suite, and what its results say about a kernel. */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { KernelFeatures } from './kernels.js';
import { checkout } from './guest.js';

/** The parts of vitest's JSON report that are read here. */
interface Report {
  success: boolean;
  testResults: {
    name: string;
    status: string;
    message: string;
    assertionResults: {
      fullName: string;
      status: string;
      failureMessages: string[] | null;
    }[];
  }[];
}

export interface Counts {
  passed: number;
  failed: number;
  /** Left out because the table says that the kernel has nothing to test. */
  notForThis: number;
  failures: string[];
}

/**
 * Tests of code that uses verdicts but not the kernel run on `host` only, which gives every
 * verdict.
 */
export const hostOnly = [
  'test/preload/**',
  'test/executable/**',
  'test/launch/**',
  'test/cli/**',
  'test/faults/**',
  'test/fuzz/**',
  'test/lifecycle/**',
  'test/author.test.ts',
  'test/examples.test.ts',
  'test/image/**',
  'test/mode-bits.test.ts',
  'test/oracle/**',
  'test/storm/**',
  'test/tables/**',
  'test/tsan/**',
  'test/audit-log.test.ts',
  'test/policy-of-thread.test.ts',
  'test/program-file.test.ts',
  'test/system-log.test.ts',
  'test/restrict-exec*.test.ts',
  'test/testing.test.ts',
  // A check must be under way while another processor asks.
  'test/upstream.test.ts',
  'test/interpreters.test.ts',
  'test/kernel-files.test.ts',
  'test/killing-filter.test.ts',
  'test/lease.test.ts',
];

/** The command that runs these tests, or all, and writes its report to `file`. */
export function suiteCommand(file: string, tests: readonly string[]): string[] {
  const vitest = createRequire(join(checkout, 'package.json')).resolve('vitest/package.json');
  return [
    process.execPath,
    join(vitest, '..', 'vitest.mjs'),
    ...['run', '--reporter=verbose', '--reporter=json', `--outputFile.json=${file}`],
    ...tests,
    ...hostOnly.flatMap((glob) => ['--exclude', glob]),
  ];
}

/** The features that a test's name says it needs: `[needs ima]`, `[needs oMayExec=v6]`. */
function needs(name: string): { feature: string; value: string | undefined }[] {
  return [...name.matchAll(/\[needs (\w+)(?:=(\w+))?\]/g)].map(([, feature = '', value]) => ({
    feature,
    value,
  }));
}

/** Why a test must not be left out on this kernel, or null where it may be. */
function mustRun(name: string, features: KernelFeatures): string | null {
  const wanted = needs(name);
  if (wanted.length === 0) return 'it names no feature: [needs …]';
  for (const { feature, value } of wanted) {
    if (!Object.hasOwn(features, feature)) return `the table has no ${feature}`;
    const has = features[feature as keyof KernelFeatures];
    const absent =
      value === undefined
        ? [false, null, 'unsupported', 'filtered'].includes(has)
        : String(has) !== value;
    if (absent) return null;
  }
  return `the kernel has ${wanted.map(({ feature }) => feature).join(', ')}`;
}

const indent = (text: string): string => text.trim().replaceAll('\n', '\n    ');

export function countResults(report: string, features: KernelFeatures): Counts {
  const { success, testResults } = JSON.parse(report) as Report;
  const counts: Counts = { passed: 0, failed: 0, notForThis: 0, failures: [] };
  for (const file of testResults) {
    if (file.status === 'failed' && file.assertionResults.length === 0) {
      counts.failed++;
      counts.failures.push(`${file.name}\n    ${indent(file.message)}`);
    }
    for (const { fullName, status, failureMessages } of file.assertionResults) {
      if (status === 'passed') {
        counts.passed++;
        continue;
      }
      const reason = status === 'failed' ? '' : mustRun(fullName, features);
      if (reason === null) {
        counts.notForThis++;
        continue;
      }
      counts.failed++;
      const detail =
        status === 'failed' ? (failureMessages ?? []).join('\n') : `was ${status}, but ${reason}`;
      counts.failures.push(`${fullName}\n    ${indent(detail)}`);
    }
  }
  if (counts.passed === 0) counts.failures.push('no test passed');
  if (!success && counts.failures.length === 0) {
    counts.failures.push('the test runner failed, with every test as it must be');
  }
  return counts;
}
