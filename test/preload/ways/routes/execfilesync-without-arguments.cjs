require('child_process').execFileSync(process.execPath, {
  env: {},
  input: 'require("./dropped.cjs")',
  stdio: ['pipe', 'inherit', 'inherit'],
});
