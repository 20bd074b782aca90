process.on('uncaughtException', (e) => console.log('caught', e.message));
throw new Error('x');
