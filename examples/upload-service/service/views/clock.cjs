exports.year = () => new Date().getFullYear();
