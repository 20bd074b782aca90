require('node:module').register('./loader.mjs', require('node:url').pathToFileURL(__filename));
import('./module.mjs');
