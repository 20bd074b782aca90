'use strict';
/* Compiles a text by each constructor, and goes on when it is refused. */
const kinds = [
  Function,
  (async () => {}).constructor,
  function* () {}.constructor,
  async function* () {}.constructor,
];
for (const Kind of kinds) {
  for (const words of [[], ['1'], ['a', 'b = 2', '/*1*/']]) {
    try {
      new Kind(...words);
    } catch {
      // --strict refuses it.
    }
  }
}
