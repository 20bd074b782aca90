// It puts another file under the number of the image's fd.
const fs = require('node:fs');
const fd = fs.readdirSync('/proc/self/fd').find((name) => {
  try {
    return fs.readlinkSync(`/proc/self/fd/${name}`) === process.env.IMAGE;
  } catch {
    return false;
  }
});
fs.closeSync(Number(fd));
const other = fs.openSync(process.env.OTHER);
console.log(other === Number(fd));
try {
  console.log(require('dep').name);
} catch (error) {
  console.log(error.code, error.message);
}
