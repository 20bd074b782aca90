require('node:v8').startupSnapshot.setDeserializeMainFunction(() => console.log('RAN'));
