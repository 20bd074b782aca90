require('./shared.cjs');
console.log('ran');
