import { expect, test } from 'vitest';

import { kernels, type KernelFeatures } from '../../lab/kernels.js';
import { UnsupportedError } from '../../src/errors.js';

type Feature = Exclude<keyof KernelFeatures, 'about'>;

function row(name: string): KernelFeatures {
  const table: Readonly<Record<string, KernelFeatures>> = kernels;
  const found = Object.hasOwn(table, name) ? table[name] : undefined;
  if (found === undefined) {
    throw new Error(`MAYEXEC_KERNEL=${name}: lab/kernels.ts has ${Object.keys(table).join(', ')}`);
  }
  return found;
}

/** The row of lab/kernels.ts that this run is for. The running kernel is never asked. */
export const features: KernelFeatures = row(process.env['MAYEXEC_KERNEL'] ?? 'host');

/** A cell of the table, or one value of it: `landlock`, `oMayExec=v6`. */
type Need = Feature | `${Feature}=${string}`;

/** Whether the table says that the kernel has it, and lets it be called. */
export function has(need: Need): boolean {
  const [feature, value] = need.split('=') as [Feature, string | undefined];
  const cell = features[feature];
  return value === undefined
    ? ![false, null, 'unsupported', 'filtered'].includes(cell)
    : String(cell) === value;
}

/**
 * Declares a test of something that only some kernels have. It is skipped where
 * the table says that this one has not; ` [needs …]` at the end of its title, once
 * a need, lets the lab hold every skipped test against the table.
 *
 * No verdict is given where the securebits cannot be read, so whatever needs the
 * check needs prctl too.
 */
export function needs(...wanted: readonly Need[]) {
  const all: readonly Need[] = wanted.includes('execveCheck') ? [...wanted, 'prctl'] : wanted;
  const suffix = [...new Set(all)].map((need) => ` [needs ${need}]`).join('');
  const skip = !all.every(has);
  return (title: string, fn: () => unknown, timeout?: number): void => {
    test.skipIf(skip)(
      title + suffix,
      { ...(timeout === undefined ? {} : { timeout }) },
      async () => {
        await fn();
      },
    );
  };
}

/** Where the table says that openat2 cannot be called: the reason that its errors must give. */
export const openat2Reason =
  features.openat2 === 'supported'
    ? undefined
    : features.openat2 === 'filtered'
      ? 'filtered'
      : 'kernel';

/**
 * For a test whose call reaches openat2(2). Where openat2(2) cannot be called, this asserts the
 * error that `call` throws or rejects with, and gives `true`: the test has nothing more to show.
 */
export async function openat2IsRefused(call: () => unknown): Promise<boolean> {
  if (openat2Reason === undefined) return false;
  let error: unknown;
  try {
    await call();
  } catch (thrown) {
    error = thrown;
  }
  expect(error).toBeInstanceOf(UnsupportedError);
  expect(error).toMatchObject({ code: 'ERR_MAYEXEC_UNSUPPORTED', reason: openat2Reason });
  return true;
}
