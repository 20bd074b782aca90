console.log(require('./long.cjs').called());
