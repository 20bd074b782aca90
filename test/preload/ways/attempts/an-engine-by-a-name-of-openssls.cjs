// Not every OpenSSL has this engine built in. Another one looks for a file of that name.
const fs = require('fs');
// Other rows run in this folder meanwhile, and would load a file that is half copied.
const folder = fs.mkdtempSync(__dirname + '/engines-');
fs.copyFileSync(__dirname + '/dropped.so', folder + '/openssl.so');
fs.chmodSync(folder + '/openssl.so', fs.statSync(__dirname + '/dropped.so').mode);
process.env.OPENSSL_ENGINES = folder;
try {
  require('crypto').setEngine('openssl');
} catch (error) {
  console.error(error.message);
}
