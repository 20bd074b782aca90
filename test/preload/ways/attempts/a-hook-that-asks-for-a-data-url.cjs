require('module').registerHooks({
  load: (u, c, n) =>
    u.endsWith('approved.mjs')
      ? n(
          'data:text/javascript,' +
            encodeURIComponent("import { writeSync } from 'node:fs'; writeSync(1, 'RAN\\n')"),
          { format: 'module', importAttributes: {} },
        )
      : n(u, c),
});
import('./approved.mjs');
