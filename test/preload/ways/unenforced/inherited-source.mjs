// Node's import asks for `source` in an object that inherits from this prototype.
Object.prototype.source = 'console.log("inherited")';
await import('./a.mjs');
