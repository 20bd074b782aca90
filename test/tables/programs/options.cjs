// Run with --expose-internals: every option that this Node knows, as its own parser has them.
const { internalBinding } = require('internal/test/binding');
const { getCLIOptionsInfo, types } = internalBinding('options');

const { options, aliases } = getCLIOptionsInfo();
const typeNames = Object.fromEntries(Object.entries(types).map(([name, type]) => [type, name]));
console.log(
  JSON.stringify({
    options: [...options].map(([name, { type }]) => ({ name, type: typeNames[type] })),
    aliases: [...aliases],
    allowedInEnvironment: [...process.allowedNodeEnvironmentFlags],
  }),
);
