const said: string = 'RAN\n';
process.getBuiltinModule('fs').writeSync(1, said);
