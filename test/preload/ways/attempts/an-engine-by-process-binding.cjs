try {
  process.binding('crypto').setEngine(__dirname + '/dropped.so', 0xffff);
} catch {}
