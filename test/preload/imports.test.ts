import { hasSubscribers } from 'node:diagnostics_channel';
import { readdirSync } from 'node:fs';
import module from 'node:module';

import { expect, test } from 'vitest';

const folder = new URL('../../src/preload/', import.meta.url);
/** Node starts this one, and it boots. */
const ENTRY = 'register.ts';

const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
  (file) => file.endsWith('.ts') && file !== ENTRY,
);

interface Report {
  readonly sharedObjects: readonly string[];
}

/** What the preload puts in place, as the program finds it. */
function state(): object {
  const { sharedObjects } = process.report.getReport() as unknown as Report;
  return {
    environment: { ...process.env },
    addons: sharedObjects.filter((file) => file.endsWith('/mayexec.node')),
    process: Object.getOwnPropertyDescriptors(process),
    module: Object.getOwnPropertyDescriptors(module),
    prototype: Object.getOwnPropertyDescriptors(module.prototype),
    listeners: process.eventNames(),
    subscribers: ['mayexec:check', 'worker_threads'].filter((name) => hasSubscribers(name)),
  };
}

test('no import of the preload acts: boot() puts everything in place', async () => {
  process.env['MAYEXEC_ENFORCE'] = '1';
  process.env['MAYEXEC_STRICT'] = '1';
  process.env['MAYEXEC_AUDIT_LOG'] = '/dev/null';
  const before = state();
  expect(files.length).toBeGreaterThan(60);
  for (const file of files) await import(new URL(file, folder).href);
  expect(state()).toEqual(before);
});
