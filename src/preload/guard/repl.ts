import { isHeard } from '../../audit.js';
import { checkWithoutFile } from '../../interactive.js';
import { filesAreRestricted } from '../../policy.js';
import { builtin, whenAsked } from '../lib/builtins.js';
import { ObjectDefineProperty, ReflectApply, ReflectConstruct } from '../lib/primordials.js';
import { inPlaceOf } from '../lib/in-place-of.js';
import { methodOf, replace, replaceValue } from '../lib/replace.js';
import { refuseUnchecked } from '../refused.js';

type Method = (this: unknown, ...args: unknown[]) => unknown;
type Class = (new (...args: unknown[]) => object) & { prototype: object };

/** `.load FILE` in a REPL reads the file itself and runs it line by line, without a check. */
function refuseLoad(): never {
  refuseUnchecked(
    'load',
    'repl',
    '.load runs an unchecked file. Run it as a script, or load it with require()',
  );
}

/** A REPL defines its commands one by one when it is created. `.load` is one of them. */
function guardCommands(prototype: object): void {
  replace<Method>(prototype, 'defineCommand', (defineCommand) =>
    methodOf<Method>({
      method(keyword, command) {
        if (keyword !== 'load') return ReflectApply(defineCommand, this, [keyword, command]);
        const { help, action } = command as { help?: string; action: Method };
        const checked = function (this: unknown, file: unknown): unknown {
          if (filesAreRestricted()) refuseLoad();
          return ReflectApply(action, this, [file]);
        };
        return ReflectApply(defineCommand, this, [
          keyword,
          { __proto__: null, help, action: checked },
        ]);
      },
    }),
  );
}

/**
 * Has a record made of each text that the REPL runs: what is typed, what `.load` reads, and what
 * completion tries. Nobody hears it without a listener, so then the REPL stays as it is.
 */
function tellOfTexts(server: unknown): void {
  if (!isHeard()) return;
  replace<Method>(server as object, 'eval', (evaluate) =>
    methodOf<Method>({
      method(...args) {
        try {
          checkWithoutFile('repl', typeof args[0] === 'string' ? args[0] : undefined);
        } catch (error) {
          return ReflectApply(args[3] as Method, this, [error]);
        }
        return ReflectApply(evaluate, this, args);
      },
    }),
  );
}

/**
 * A REPL runs what a person types, or what a stream delivers. So each REPL that the program starts
 * is checked. Node's own REPL was checked at the start.
 */
export function installRepl(): void {
  whenAsked(['node:repl'], () => {
    const repl = builtin<{ REPLServer: Class }>('node:repl');
    const { REPLServer } = repl;
    guardCommands(REPLServer.prototype);
    replace<Method>(repl, 'start', (start) =>
      methodOf<Method>({
        method(...args) {
          checkWithoutFile('repl');
          const server = ReflectApply(start, this, args);
          tellOfTexts(server);
          return server;
        },
      }),
    );
    const checked = inPlaceOf(REPLServer, {
      construct(_, args, newTarget) {
        checkWithoutFile('repl');
        const server = ReflectConstruct(REPLServer, args, newTarget);
        tellOfTexts(server);
        return server;
      },
      // Node also allows the call without `new`.
      apply(_, self, args) {
        checkWithoutFile('repl');
        const server = ReflectApply(REPLServer as unknown as Method, self, args);
        // A constructor of the old kind fills the object that it is called on.
        tellOfTexts(server ?? self);
        return server;
      },
    });
    replaceValue(repl, 'REPLServer', checked);
    ObjectDefineProperty(REPLServer.prototype, 'constructor', {
      __proto__: null,
      value: checked,
      writable: true,
      enumerable: false,
      configurable: true,
    } as PropertyDescriptor);
  });
}
