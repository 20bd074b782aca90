const file = `${__dirname}/own.node`;
const loads = {
  require: () => require(file),
  dlopen: () => process.dlopen({ exports: {} }, file),
  'dlopen without arguments': () => process.dlopen(),
};
for (const [name, load] of Object.entries(loads)) {
  try {
    console.log(name, load());
  } catch (error) {
    console.log(name, error.code, error.message, Object.keys(error));
  }
}
