require('child_process')
  .spawn(process.execPath, [], { env: {}, stdio: ['pipe', 'inherit', 'inherit'] })
  .stdin.end("require('fs').writeSync(1, 'RAN\\n')");
