require('./a.cjs');
require('./a.cjs');
import('./a.cjs')
  .then(() => import('./b.mjs'))
  .then(() => {
    const children = module.children.map(({ id }) => id);
    console.log(Object.keys(require.cache), children);
    console.log(require.main === module, module.paths.length);
  });
