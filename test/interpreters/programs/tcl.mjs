// tcl-js has no `source`. This one evaluates the text of a checked file.
import { createRequire } from 'node:module';
import { findPart, start } from './start.mjs';

const { Tcl } = createRequire(import.meta.url)('tcl-js');

await start('tcl', async (code) => {
  const tcl = new Tcl();
  tcl.addAdvancedProcedure(
    'source',
    async (_interpreter, [path]) => tcl.run(findPart(path).content),
    {
      arguments: { simpleOnly: true, textOnly: true },
    },
  );
  await tcl.run(code);
});
