delete process.env.NODE_OPTIONS;
require('child_process').execSync(process.execPath + ' dropped.cjs', { stdio: 'inherit' });
