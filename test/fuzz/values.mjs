// What a program may pass to a function by mistake or on purpose.

class Hostile extends Error {}

/** Throws at whatever is done with it. */
const throwing = () => {
  const fail = () => {
    throw new Hostile();
  };
  const traps = ['get', 'has', 'ownKeys', 'getPrototypeOf', 'getOwnPropertyDescriptor', 'set'];
  return new Proxy({}, Object.fromEntries(traps.map((trap) => [trap, fail])));
};

/** Answers each question differently. */
const shifting = (values) => {
  let i = 0;
  return new Proxy(
    {},
    { get: () => values[i++ % values.length], has: () => i++ % 2 === 0, ownKeys: () => [] },
  );
};

const detached = () => {
  const bytes = new Uint8Array(64);
  structuredClone(bytes.buffer, { transfer: [bytes.buffer] });
  return bytes;
};

const shared = (text) => {
  const bytes = new Uint8Array(new SharedArrayBuffer(text.length + 1));
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
};

/** A signal that aborts after some turns of the loop, at once, or never. */
const signal = (random) => {
  const controller = new AbortController();
  const when = random.below(4);
  if (when === 0) controller.abort();
  if (when === 1) setImmediate(() => controller.abort());
  if (when === 2) queueMicrotask(() => controller.abort());
  return controller.signal;
};

/** A value of any kind. `again` calls into the package while it is being asked. */
export function anything(random, paths, again) {
  const path = () => random.pick(paths);
  return random.pick([
    () => undefined,
    () => null,
    () => random.pick([0, -0, 1, -1, 3, 4.5, NaN, Infinity, 2 ** 31, -(2 ** 31), 2 ** 53, 1e300]),
    () => random.pick([0n, 1n, -1n, 1n << 31n, 1n << 63n, (1n << 64n) - 1n, 1n << 64n, 1n << 200n]),
    () => random.pick([true, false]),
    () =>
      random.pick(['', '\0', 'a\0b', '/', '.', '..', '\ud800', 'x'.repeat(5000), '/'.repeat(4096)]),
    path,
    () => Buffer.from(path()),
    () => new Uint8Array(Buffer.from(`${path()}\0`)),
    () => shared(path()),
    () => new DataView(new ArrayBuffer(8)),
    () => Buffer.alloc(random.below(5000), 0x2f),
    detached,
    () => new URL(`file://${path()}`),
    () => new URL(random.pick(['http://x/', 'file://host/x', 'file:///%2f', 'file:///%00'])),
    () => Symbol('s'),
    () => () => path(),
    () => [path()],
    () => ({ toString: () => path(), valueOf: () => random.below(100) }),
    () => ({ [Symbol.toPrimitive]: () => again() }),
    throwing,
    () => shifting([path(), 1, undefined, {}]),
    () => Object.create(null),
    () => new Date(NaN),
    () => signal(random),
    () => ({
      aborted: random.chance(50),
      addEventListener: () => again(),
      removeEventListener() {},
    }),
    () => ({
      get fd() {
        return again();
      },
    }),
  ])();
}

const NAMES = [
  ...['enforce', 'emulate', 'dir', 'resolve', 'signal', 'encoding', 'flags', 'mode', 'fd', 'allow'],
  ...['beneath', 'inRoot', 'noSymlinks', 'noMagiclinks', 'noXdev', 'cached', '__proto__', 'x'],
];
const RIGHT = {
  __proto__: null,
  enforce: (random) => random.chance(50),
  emulate: (random) => random.chance(50),
  resolve: (random) => random.pick([{ beneath: true }, { noSymlinks: true }, 0x08, 0x02n, {}]),
  signal,
  encoding: (random) => random.pick(['utf8', 'latin1', 'hex', null, 'bogus']),
  flags: (random) => random.pick([0, 0n, 0o200000, 0x200000, 1, 2, 1n << 32n]),
  mode: () => 0,
};

/** An object of options, some of them right, some of any kind, some behind accessors. */
export function options(random, paths, again) {
  const made = random.chance(30) ? Object.create({ enforce: true, dir: 3 }) : {};
  for (let i = random.below(5); i > 0; i--) {
    const name = random.pick(NAMES);
    const right = RIGHT[name];
    const value =
      right !== undefined && random.chance(70) ? right(random) : anything(random, paths, again);
    if (random.chance(80))
      Object.defineProperty(made, name, { value, enumerable: true, configurable: true });
    else
      Object.defineProperty(made, name, {
        get: () => (random.chance(30) ? again() : value),
        enumerable: true,
        configurable: true,
      });
  }
  return made;
}

export const isHostile = (error) => error instanceof Hostile;
