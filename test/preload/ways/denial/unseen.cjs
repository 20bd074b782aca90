const { hasSubscribers } = require('node:diagnostics_channel');
const ours = Object.keys(process.env).filter((name) => name.startsWith('MAYEXEC'));
console.log(hasSubscribers('mayexec:check'), ours.length);
