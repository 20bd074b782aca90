module.exports = 'inside';
