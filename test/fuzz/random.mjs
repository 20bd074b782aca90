// Numbers that look random and come again for the same seed (xorshift32).
export function generator(seed) {
  let state = seed >>> 0 || 1;
  const next = () => {
    state ^= state << 13;
    state >>>= 0;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state;
  };
  return {
    below: (n) => next() % n,
    chance: (percent) => next() % 100 < percent,
    pick: (list) => list[next() % list.length],
  };
}
