import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { addonPath } from '../addon.js';
import { UnsupportedError } from '../errors.js';
import { kernelRelease } from '../kernel-release.js';
import { runCommand } from '../package-manager.js';

/**
 * The file of mayexec-run, which is built with the addon. Throws UnsupportedError when it is
 * missing.
 */
export function launcherPath(): string {
  if (process.platform !== 'linux') {
    throw new UnsupportedError(
      'platform',
      `mayexec-run sets securebits of Linux, and this is ${process.platform} ${kernelRelease()}`,
    );
  }
  const path = join(dirname(addonPath() ?? process.execPath), 'mayexec-run');
  if (existsSync(path)) return path;
  throw new UnsupportedError(
    'addon',
    `mayexec-run is missing at '${path}'. It is linked statically, so install a static libc (glibc-static, on Debian libc6-dev) and run \`${runCommand('mayexec build-addon')}\``,
  );
}
