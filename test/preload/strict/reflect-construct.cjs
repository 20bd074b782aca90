const { constructor } = Object.getPrototypeOf(Function);
Reflect.construct(constructor, ["process.getBuiltinModule('fs').writeSync(1, 'RAN\\n')"])();
