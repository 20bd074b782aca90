const AsyncGeneratorFunction = async function* () {}.constructor;
AsyncGeneratorFunction("process.getBuiltinModule('fs').writeSync(1, 'RAN\\n')")().next();
