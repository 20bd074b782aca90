// Not every OpenSSL has this engine built in. Another one looks for a file of that name.
const fs = require('fs');
fs.copyFileSync(__dirname + '/dropped.so', __dirname + '/openssl.so');
fs.chmodSync(__dirname + '/openssl.so', fs.statSync(__dirname + '/dropped.so').mode);
process.env.OPENSSL_ENGINES = __dirname;
try {
  require('crypto').setEngine('openssl');
} catch (error) {
  console.error(error.message);
}
