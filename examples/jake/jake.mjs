// jake, whose Jakefiles are loaded by `require`.
//
// usage: jake [OPTION...] [TASK...], as jake's own command
//
// One call makes Node ask the kernel. The compiler of another language would read a Jakefile
// without asking, so jake gets no compiler.
import { registerHooks } from 'node:module';
import jake from 'jake';
import { checkModules } from 'mayexec/modules';

checkModules();

const COMPILERS = ['coffeescript', 'livescript', 'ts-node/register/transpile-only'];
registerHooks({
  resolve(specifier, context, next) {
    if (COMPILERS.includes(specifier) && context.parentURL?.endsWith('/jake/lib/loader.js')) {
      throw new Error(`${specifier} reads files that nobody has checked`);
    }
    return next(specifier, context);
  },
});

try {
  jake.run(...process.argv.slice(2));
} catch (error) {
  process.stderr.write(`jake: ${error.message}\n`);
  process.exitCode = 1;
}
