module.exports = 'ran';
