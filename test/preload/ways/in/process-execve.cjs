process.execve(process.execPath, [process.execPath, __dirname + '/dropped.cjs'], {});
