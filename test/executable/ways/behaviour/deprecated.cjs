process.on('warning', ({ code }) => console.log(code));
new Buffer(1);
