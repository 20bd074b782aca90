import { checkWithoutFile } from '../../interactive.js';
import { filesAreRestricted } from '../../policy.js';
import { builtin, whenAsked } from '../lib/builtins.js';
import {
  ObjectDefineProperty,
  ReflectApply,
  ReflectConstruct,
  SafeProxy,
} from '../lib/primordials.js';
import { replace, replaceValue } from '../lib/replace.js';
import { refused } from '../refused.js';

type Method = (this: unknown, ...args: unknown[]) => unknown;
type Class = (new (...args: unknown[]) => object) & { prototype: object };

/** What `.load FILE` of a REPL does is to read the file by itself, and to run it line by line. */
function refuseLoad(): never {
  throw refused(
    '.load runs a file that nobody checked. Run it as a script, or give it to require()',
  );
}

/** The commands of a REPL are defined one by one, `.load` among them, when it is made. */
function guardCommands(prototype: object): void {
  replace<Method>(
    prototype,
    'defineCommand',
    (defineCommand) =>
      function (this: unknown, keyword, command) {
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
  );
}

/**
 * A REPL runs what somebody types, or what comes on a stream. One that the program starts is
 * asked about; Node's own has been when it starts.
 */
export function installRepl(): void {
  whenAsked(['node:repl'], () => {
    const repl = builtin<{ REPLServer: Class }>('node:repl');
    const { REPLServer } = repl;
    guardCommands(REPLServer.prototype);
    replace<Method>(
      repl,
      'start',
      (start) =>
        function (this: unknown, ...args) {
          checkWithoutFile();
          return ReflectApply(start, this, args);
        },
    );
    const checked = new SafeProxy(REPLServer, {
      __proto__: null,
      construct(target: Class, args: unknown[], newTarget: Class): object {
        checkWithoutFile();
        return ReflectConstruct(target, args, newTarget);
      },
      // Node lets it be called without `new`, too.
      apply(target: Class, self: unknown, args: unknown[]): unknown {
        checkWithoutFile();
        return ReflectApply(target as unknown as Method, self, args);
      },
    } as ProxyHandler<Class>);
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
