/* eslint-disable @typescript-eslint/unbound-method -- each is given its `this` as first argument */

/**
 * Methods of the language as they were before the program ran, under Node's own names. The program
 * whose files are checked can replace any of them. The preload has more of them in
 * preload/lib/primordials.ts.
 *
 * An index past the end of a string would read a property that a program has put on
 * String.prototype. StringPrototypeCharAt returns ''.
 */
const { bind, call } = Function.prototype;
type Method = (this: never, ...args: never[]) => unknown;
type Uncurried<T extends Method> = (
  self: ThisParameterType<T>,
  ...args: Parameters<T>
) => ReturnType<T>;
export const uncurryThis = bind.bind(call) as unknown as <T extends Method>(
  method: T,
) => Uncurried<T>;

export type StringMethod<A extends unknown[], R> = (this: string, ...args: A) => R;
const string = String.prototype;
export const StringPrototypeCharAt = uncurryThis(
  string.charAt as StringMethod<[at: number], string>,
);
export const StringPrototypeCharCodeAt = uncurryThis(
  string.charCodeAt as StringMethod<[at: number], number>,
);
export const StringPrototypeIndexOf = uncurryThis(
  string.indexOf as StringMethod<[search: string, from?: number], number>,
);
export const StringPrototypeSlice = uncurryThis(
  string.slice as StringMethod<[from: number, to?: number], string>,
);
export const StringPrototypeStartsWith = uncurryThis(
  string.startsWith as StringMethod<[search: string, at?: number], boolean>,
);

export const MapPrototypeForEach = uncurryThis(Map.prototype.forEach as Method) as <K, V>(
  map: Map<K, V>,
  each: (value: V, key: K) => void,
) => void;
