// Tries to clear the securebits and prints the errno and what is set then. ADDON is the addon's file.
const module = { exports: {} };
process.dlopen(module, process.env.ADDON);
const { getSecurebits, setSecurebits } = module.exports;
console.log(setSecurebits(getSecurebits() & ~0x500), (getSecurebits() & 0xf00).toString(16));
