// Opens a path by one form of the API, and says RAN when it was handed over.
import { closeSync } from 'node:fs';

import * as mayexec from '../../dist/index.js';

const [form, path] = process.argv.slice(2);
if (form.startsWith('open')) {
  const file = await mayexec[form](path);
  file.closeSync();
} else if (path === '/dev/zero' || path.startsWith('/dev/pts/')) {
  // It has no end to be read to.
  const { verdict } = await mayexec.openMayExec(path);
  if (verdict.allowed === true) closeSync(0);
} else {
  await mayexec[form](path);
}
console.log('RAN');
