export function generator(seed: number): {
  below(n: number): number;
  chance(percent: number): boolean;
  pick<T>(list: readonly T[]): T;
};
