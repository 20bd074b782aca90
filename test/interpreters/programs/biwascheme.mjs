// BiwaScheme reads files in `load`, and JavaScript in `js-load`. The first is replaced. The
// second is removed, since a `require` of its own asks nobody.
import { createRequire } from 'node:module';
import { findPart, start } from './start.mjs';

const BiwaScheme = createRequire(import.meta.url)('biwascheme');

BiwaScheme.define_libfunc('load', 1, 1, ([path], interpreter) => {
  BiwaScheme.assert_string(path);
  interpreter.parser.insert(findPart(path).content);
  return BiwaScheme.undef;
});
delete BiwaScheme.TopEnv['js-load'];
delete BiwaScheme.CoreEnv['js-load'];

await start('biwascheme', (code) => {
  new BiwaScheme.Interpreter((error) => {
    throw error;
  }).evaluate(code);
});
