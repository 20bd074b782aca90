process.env.MAYEXEC_ENFORCE = '0';
process.env.MAYEXEC = '0';
require('./dropped.cjs');
