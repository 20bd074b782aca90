import { isHeard } from '../../audit.js';
import { isClosed } from '../enforcement.js';
import { builtin } from '../lib/builtins.js';
import { inPlaceOf } from '../lib/in-place-of.js';
import { ObjectSetPrototypeOf } from '../lib/primordials.js';
import { replace, replaceValue } from '../lib/replace.js';
import { enter } from './enter.js';

type Constructor = (new (...args: unknown[]) => object) & { prototype: object };

/** How V8 begins the text that it makes for these constructors. */
const BEGINNINGS: Readonly<Record<string, string>> = {
  Function: 'function',
  AsyncFunction: 'async function',
  GeneratorFunction: 'function*',
  AsyncGeneratorFunction: 'async function*',
};

/** The text as V8 would compile it. Undefined when it would have to call functions of the program. */
function functionText(name: string, args: readonly unknown[]): string | undefined {
  const body = args.length - 1;
  let parameters = '';
  for (let i = 0; i < args.length; i++) {
    if (typeof args[i] !== 'string') return undefined;
    if (i < body) parameters += `${i > 0 ? ',' : ''}${args[i] as string}`;
  }
  const code = body < 0 ? '' : (args[body] as string);
  return `(${BEGINNINGS[name] as string} anonymous(${parameters}\n) {\n${code}\n})`;
}

/**
 * Names the closed gate, where V8 only says that code generation is disallowed. V8 itself
 * closes it, by one of its options. So evaluating a string in another way, or by the
 * original function, is refused too.
 */
function nameTheGate(): void {
  const refuse = (what: string, text: string | undefined): never => {
    enter('eval', what, text);
    throw new EvalError(what);
  };
  const kinds: [string, Constructor][] = [
    ['Function', Function as unknown as Constructor],
    // eslint-disable-next-line @typescript-eslint/require-await -- only its class is needed
    ['AsyncFunction', (async () => 0).constructor as Constructor],
    ['GeneratorFunction', function* () {}.constructor as Constructor],
    ['AsyncGeneratorFunction', async function* () {}.constructor as Constructor],
  ];
  for (let i = 0; i < kinds.length; i++) {
    const { 0: name, 1: original } = kinds[i] as (typeof kinds)[number];
    const closed = inPlaceOf(original, {
      apply: (_, _self, args) => refuse(name, functionText(name, args)),
      construct: (_, args) => refuse(`new ${name}`, functionText(name, args)),
    });
    replaceValue(original.prototype, 'constructor', closed);
    if (name === 'Function') replaceValue(globalThis, name, closed);
    // The other three constructors inherit from it.
    else ObjectSetPrototypeOf(closed, Function);
  }
  replace<(code: unknown) => unknown>(globalThis, 'eval', () => (code) => {
    if (typeof code !== 'string') return code;
    return refuse('eval', code);
  });
}

interface Session {
  connect(): void;
  on(event: string, listener: (message: { params: ParsedScript }) => void): void;
  post(
    method: string,
    params?: object,
    answer?: (error: unknown, result: { readonly scriptSource?: string } | undefined) => void,
  ): void;
}
interface ParsedScript {
  readonly scriptId: string;
  readonly embedderName: string;
  readonly scriptLanguage?: string;
  readonly executionContextAuxData?: { readonly isDefault?: boolean };
}

let isCompiling = false;

/**
 * Calls vm.compileFunction, which has its own gate. V8 reports a text without a name in the same
 * way as eval. It runs nothing of the text.
 */
export function compiledByVm<T>(compile: () => T): T {
  isCompiling = true;
  try {
    return compile();
  } finally {
    isCompiling = false;
  }
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
    const { scriptId, embedderName, scriptLanguage, executionContextAuxData } = params;
    // Other compilers give a name. In another realm the gate is `vm`.
    if (embedderName !== '' || scriptLanguage !== 'JavaScript') return;
    if (executionContextAuxData?.isDefault !== true || isCompiling) return;
    let text: string | undefined;
    // V8 answers at once.
    if (isHeard()) {
      session.post('Debugger.getScriptSource', { __proto__: null, scriptId }, (_error, result) => {
        text = result?.scriptSource;
      });
    }
    enter('eval', 'eval', text);
  });
  session.post('Debugger.enable');
  session.post('Debugger.setSkipAllPauses', { skip: true });
}

export function guardEval(): void {
  if (isClosed('eval')) nameTheGate();
  else noticeEval();
}
