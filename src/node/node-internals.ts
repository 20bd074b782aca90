import { builtin } from './builtins.js';
import { moduleExports } from './module-hooks.js';

/** What Node's loaders have among themselves. */
export interface NodeInternals {
  /** The `require` of Node's own modules, which knows the internal ones. */
  readonly require: (id: string) => unknown;
  /** The same of Node's C++ side. */
  readonly internalBinding: (name: string) => unknown;
  /** The name under which a CommonJS module keeps its format. */
  readonly kFormat: symbol;
}

interface RemoteObject {
  readonly objectId: string;
}
interface Property {
  readonly name: string;
  readonly value?: RemoteObject;
}
interface Properties {
  readonly result: readonly Property[];
  readonly internalProperties?: readonly Property[];
}
interface Session {
  connect(): void;
  disconnect(): void;
  post(method: string, params: object, done: (error: Error | null, result: object) => void): void;
}

const WANTED = ['require', 'internalBinding', 'kFormat'];
/** Where the debugger is told to leave what it found, for a moment. */
const HOLDER = '_load';
type Holder = Record<typeof HOLDER, { found?: unknown[] }>;

function find(session: Session): NodeInternals | undefined {
  const ask = (method: string, params: object): object => {
    let answer: object | undefined;
    // In process the answer comes before post returns.
    session.post(method, params, (error, result) => {
      if (error === null) answer = result;
    });
    if (answer === undefined) throw new Error(method);
    return answer;
  };
  const properties = (objectId: string): Properties =>
    ask('Runtime.getProperties', { objectId, ownProperties: true }) as Properties;

  const expression = `process.getBuiltinModule('module').${HOLDER}`;
  const evaluated = ask('Runtime.evaluate', { expression }) as { result: RemoteObject };
  const { objectId } = evaluated.result;
  const scopes = properties(objectId).internalProperties?.find(({ name }) => name === '[[Scopes]]');
  const closure = scopes?.value && properties(scopes.value.objectId).result[0]?.value;
  if (closure === undefined) return undefined;
  const variables = properties(closure.objectId).result;
  const found = WANTED.map((wanted) => variables.find(({ name }) => name === wanted)?.value);
  if (found.includes(undefined)) return undefined;

  ask('Runtime.callFunctionOn', {
    functionDeclaration: 'function (...found) { this.found = found }',
    objectId,
    arguments: found.map((value) => ({ objectId: value?.objectId })),
  });
  const holder = (moduleExports as unknown as Holder)[HOLDER];
  const [require, internalBinding, kFormat] = holder.found ?? [];
  delete holder.found;
  return { require, internalBinding, kFormat } as NodeInternals;
}

/**
 * Node's internals, on a Node that gives a preload no other way to its loaders:
 * an inspector session of the process with itself reads them out of the closure
 * of Module._load. To be called before the program runs. Undefined where that
 * closure looks otherwise than from Node 20.19.5 on, or there is no inspector.
 */
export function findInternals(): NodeInternals | undefined {
  if (!process.features.inspector) return undefined;
  const { Session } = builtin<{ Session: new () => Session }>('node:inspector');
  const session = new Session();
  try {
    session.connect();
    return find(session);
  } catch {
    return undefined;
  } finally {
    session.disconnect();
  }
}
