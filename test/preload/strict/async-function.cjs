const AsyncFunction = (async () => {}).constructor;
new AsyncFunction("process.getBuiltinModule('fs').writeSync(1, 'RAN\\n')")();
