const module_ = require('node:module');
const cache = module_.enableCompileCache?.('cache');
console.log(
  cache?.status === module_.constants?.compileCacheStatus.DISABLED,
  module_.getCompileCacheDir?.(),
);
try {
  module_.register('./dropped-loader.mjs', `file://${__filename}`);
} catch (error) {
  console.log(error.name, error.code);
}
