import { builtin } from '../lib/builtins.js';
import { moduleExports } from '../load/node-module.js';

/** The `require` of Node's own modules, which knows the internal ones. */
export type InternalRequire = (id: string) => unknown;

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

/** A function of node:module whose closure is small, and where the debugger leaves what it found for a moment. */
const HOLDER = 'runMain';
type Holder = Record<typeof HOLDER, { found?: unknown }>;

function find(session: Session): InternalRequire | undefined {
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
  const { value } =
    properties(closure.objectId).result.find(({ name }) => name === 'require') ?? {};
  if (value === undefined) return undefined;

  ask('Runtime.callFunctionOn', {
    functionDeclaration: 'function (found) { this.found = found }',
    objectId,
    arguments: [{ objectId: value.objectId }],
  });
  const holder = (moduleExports as unknown as Holder)[HOLDER];
  const { found } = holder;
  delete holder.found;
  return typeof found === 'function' ? (found as InternalRequire) : undefined;
}

/**
 * Node's internal modules, on a Node that gives a preload no other way to its
 * loaders: an inspector session of the process with itself reads their `require`
 * out of a closure. To be called before the program runs. Undefined where the
 * closure looks otherwise than in Node 20, or there is no inspector.
 */
export function findInternals(): InternalRequire | undefined {
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
