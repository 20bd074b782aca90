// Where the code says that it is.
const error: Error = new Error('here');
console.log(error.stack?.split('\n')[1]);
