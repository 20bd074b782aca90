/** The unit of docs/recipes/app.service, under a systemd of its own. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

import type { Boot } from './hosted.js';
import type { Tools } from './steps.js';

export function bySystemd({ checkout, node }: Tools): Boot {
  const script = join(checkout, 'test/programs/systemd.sh');
  return (app, options) => {
    const start = `/usr/bin/mayexec-run ${options ?? ''} -- /usr/bin/node /srv/app/server.js`;
    const words = [script, app, node, ...(options === undefined ? [] : [start])];
    return spawnSync('sh', words, { encoding: 'utf8', maxBuffer: 1 << 28 }).stdout;
  };
}
