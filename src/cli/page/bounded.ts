/** Tables with a limit, so that no log can fill the memory. */

/** A number for each text, up to the limits. A text beyond them has none. */
export class Names {
  readonly #numbers = new Map<string, number>();
  readonly #texts: string[] = [];
  readonly #count: number;
  #characters: number;

  constructor(count: number, characters: number) {
    this.#count = count;
    this.#characters = characters;
  }

  of(text: string): number | undefined {
    const known = this.#numbers.get(text);
    if (known !== undefined) return known;
    if (this.#texts.length >= this.#count || text.length > this.#characters) return undefined;
    this.#characters -= text.length;
    this.#numbers.set(text, this.#texts.length);
    return this.#texts.push(text) - 1;
  }

  text(number: number): string {
    return this.#texts[number] ?? '';
  }
}

/** The second number of a pair must be below it. */
const SECOND = 2 ** 26;

/** A number for each pair of numbers, up to a limit. */
export class Pairs {
  readonly #values = new Map<number, number>();
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get(first: number, second: number): number | undefined {
    return this.#values.get(first * SECOND + second);
  }

  /** False when there is no room for a new pair. */
  set(first: number, second: number, value: number): boolean {
    const key = first * SECOND + second;
    if (this.#values.size >= this.#limit && !this.#values.has(key)) return false;
    this.#values.set(key, value);
    return true;
  }

  *[Symbol.iterator](): Generator<[first: number, second: number, value: number]> {
    for (const [key, value] of this.#values) {
      yield [Math.floor(key / SECOND), key % SECOND, value];
    }
  }
}
