require('module').register('./dropped-loader.mjs', require('url').pathToFileURL(__filename));
import('./program.cjs?x');
