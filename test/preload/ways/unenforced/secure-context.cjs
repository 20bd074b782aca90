// Asks for a builtin before what it needs.
const { SecureContext } = require(process.argv[2]);

console.log(
  typeof SecureContext,
  typeof require('tls').SecureContext,
  typeof process.getBuiltinModule('_tls_common').SecureContext,
);
