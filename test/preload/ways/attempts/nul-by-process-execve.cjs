process.execve(`${process.execPath}\0`, ['node', '--build-snapshot', 'dropped.cjs'], process.env);
