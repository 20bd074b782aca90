process.send('over its channel');
