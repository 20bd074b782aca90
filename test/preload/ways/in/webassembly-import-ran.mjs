import { writeSync } from 'node:fs';
export function ran() {
  writeSync(1, 'RAN\n');
}
