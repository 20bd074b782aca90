process.env.OPENSSL_ENGINES = __dirname;
try {
  require('crypto').setEngine('dropped');
} catch {}
