module.exports = () => 'hello from a plugin';
