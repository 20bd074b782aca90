require('v8').startupSnapshot.addDeserializeCallback(() => process._rawDebug('RAN'));
