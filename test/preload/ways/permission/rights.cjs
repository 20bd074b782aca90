const scopes = 'fs fs.read fs.write child worker addon addons wasi inspector net ffi'.split(' ');
for (const scope of scopes) console.log(scope, process.permission.has(scope));
console.log(
  process.permission.has('fs.read', __filename),
  process.permission.has('fs.read', '/etc'),
);
console.log(
  Reflect.ownKeys(process.permission),
  process.permission.has.name,
  process.execArgv.length,
);
try {
  process.permission.has(1);
} catch (error) {
  console.log(error.code, error.message);
}
process.nextTick(() => console.log(Object.hasOwn(process, 'emit')));
