const { SourceTextModule } = require('vm');
const m = new SourceTextModule("process.getBuiltinModule('fs').writeSync(1, 'RAN\\n')");
m.link(() => {}).then(() => m.evaluate());
