console.log('taken');
