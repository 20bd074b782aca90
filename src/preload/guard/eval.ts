import { isClosed } from '../enforcement.js';
import { builtin } from '../lib/builtins.js';
import { SafeProxy } from '../lib/primordials.js';
import { replace, replaceValue } from '../lib/replace.js';
import { enter } from './enter.js';

type Constructor = (new (...args: unknown[]) => object) & { prototype: object };

/**
 * Names the closed gate, where V8 only says that code generation is disallowed. V8 itself
 * closes it, by one of its options. So evaluating a string in another way, or by the
 * original function, is refused too.
 */
function nameTheGate(): void {
  const refuse = (what: string) => (): never => {
    enter('eval', what);
    throw new EvalError(what);
  };
  const kinds: [string, Constructor][] = [
    ['Function', Function as unknown as Constructor],
    ['AsyncFunction', (async () => Promise.resolve()).constructor as Constructor],
    ['GeneratorFunction', function* () {}.constructor as Constructor],
    ['AsyncGeneratorFunction', async function* () {}.constructor as Constructor],
  ];
  for (const [name, original] of kinds) {
    const closed = new SafeProxy(original, {
      __proto__: null,
      apply: refuse(name),
      construct: refuse(`new ${name}`),
    } as ProxyHandler<Constructor>);
    replaceValue(original.prototype, 'constructor', closed);
    if (name === 'Function') replaceValue(globalThis, name, closed);
    // The other three constructors inherit from it.
    else Object.setPrototypeOf(original, Function);
  }
  replace<(code: unknown) => unknown>(globalThis, 'eval', () => (code) => {
    if (typeof code !== 'string') return code;
    return refuse('eval')();
  });
}

interface Session {
  connect(): void;
  on(event: string, listener: (message: { params: ParsedScript }) => void): void;
  post(method: string, params?: object): void;
}
interface ParsedScript {
  readonly embedderName: string;
  readonly scriptLanguage?: string;
  readonly executionContextAuxData?: { readonly isDefault?: boolean };
}

/**
 * Reports when V8 compiles a string. eval itself cannot be wrapped: only the real one sees
 * the variables of its caller.
 */
function noticeEval(): void {
  if (!process.features.inspector) return;
  const { Session } = builtin<{ Session: new () => Session }>('node:inspector');
  const session = new Session();
  session.connect();
  session.on('Debugger.scriptParsed', ({ params }) => {
    const { embedderName, scriptLanguage, executionContextAuxData } = params;
    // Other compilers give a name. In another realm the gate is `vm`.
    if (embedderName !== '' || scriptLanguage !== 'JavaScript') return;
    if (executionContextAuxData?.isDefault === true) enter('eval', 'eval');
  });
  session.post('Debugger.enable');
  session.post('Debugger.setSkipAllPauses', { skip: true });
}

export function guardEval(): void {
  if (isClosed('eval')) nameTheGate();
  else noticeEval();
}
