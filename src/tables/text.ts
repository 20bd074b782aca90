/* eslint-disable @typescript-eslint/unbound-method -- each is given its `this` as first argument */
/*
 * The methods of strings as they were before the program ran, because the tables are also used
 * after hostile code has run. An index past the end of a string would read a property that a
 * program has put on String.prototype. charAt returns ''.
 */

const { bind, call } = Function.prototype;
const uncurryThis = bind.bind(call) as unknown as <A extends unknown[], R>(
  method: (this: string, ...args: A) => R,
) => (text: string, ...args: A) => R;

const string = String.prototype as {
  charAt: (this: string, at: number) => string;
  indexOf: (this: string, search: string, from?: number) => number;
  slice: (this: string, from: number, to?: number) => string;
  startsWith: (this: string, start: string) => boolean;
};

export const charAt = uncurryThis(string.charAt);
export const indexOf = uncurryThis(string.indexOf);
export const slice = uncurryThis(string.slice);
export const startsWith = uncurryThis(string.startsWith);
