const { permission } = process;
permission.drop?.('addon');
console.log(permission.has('addon'), permission.has('fs.read', __filename));
permission.drop?.('fs.read');
console.log(permission.drop !== undefined && permission.has('fs.read', __filename));
