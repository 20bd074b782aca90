/* A report on what is there. Long enough that its bytecode is worth a place in the cache. */
module.exports = function report() {
  const { uptime, version } = process;
  return `up for ${Math.round(uptime())} seconds on Node ${version}`;
};
