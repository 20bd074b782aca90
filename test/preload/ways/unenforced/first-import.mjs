// The first builtin that this process imports.
const all = await import(process.argv[2]);
console.log(Object.keys(all).length > 0);
