// Prints a stack in which the preload is, which reads this property.
require('node:module').registerHooks({
  get load() {
    console.log(new Error('here').stack);
    return undefined;
  },
});
