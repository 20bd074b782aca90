/**
 * Characters that a terminal obeys, that change the direction of what is shown, or that it does not
 * show at all: Unicode's control characters, its separators of lines, and those of its format
 * characters (Cf) that have no shape. Each row is the first and the last of a range.
 */
export const HIDDEN_CHARACTERS: readonly (readonly [first: number, last: number])[] = [
  [0x00, 0x1f],
  [0x7f, 0x9f],
  [0xad, 0xad],
  [0x61c, 0x61c],
  [0x70f, 0x70f],
  [0x180e, 0x180e],
  [0x200b, 0x200f],
  [0x2028, 0x202e],
  [0x2060, 0x206f],
  [0xfeff, 0xfeff],
  [0xfff9, 0xfffb],
  [0x1bca0, 0x1bca3],
  [0x1d173, 0x1d17a],
  [0xe0000, 0xe007f],
];
