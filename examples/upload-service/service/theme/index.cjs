module.exports = () => 'a plain theme';
