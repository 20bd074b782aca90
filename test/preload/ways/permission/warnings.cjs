process.on('warning', ({ name, message }) => console.log(name, message));
process.emitWarning('the program’s own', 'SecurityWarning');
console.log(process.listenerCount('warning'), process.emit.name);
