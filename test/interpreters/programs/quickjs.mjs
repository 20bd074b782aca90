// QuickJS asks a loader for each module, and reads no files itself.
import { getQuickJS } from 'quickjs-emscripten';
import { findPart, start } from './start.mjs';

await start('quickjs', async (code) => {
  const runtime = (await getQuickJS()).newRuntime();
  // The virtual machine has errors of its own. The first refusal is what its user must know.
  let refusal;
  runtime.setModuleLoader((name) => {
    try {
      return findPart(name).content;
    } catch (error) {
      refusal ??= error;
      return { error };
    }
  });
  const context = runtime.newContext();
  const print = context.newFunction('print', (text) => {
    process.stdout.write(`${context.getString(text)}\n`);
  });
  context.setProp(context.global, 'print', print);
  const { error } = context.evalCode(code, 'script.js', { type: 'module' });
  if (refusal !== undefined) throw refusal;
  if (error !== undefined) throw new Error(context.dump(error).message);
});
