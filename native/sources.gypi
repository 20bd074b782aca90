{
  "sources": [
    "addon.cc",
    "checker.c",
    "exec_check.c",
    "execute.c",
    "file_facts.c",
    "open_exec.c",
    "openat2.c",
    "read_file.c",
    "securebits.c"
  ]
}
