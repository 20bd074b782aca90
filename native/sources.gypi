{
  "sources": [
    "addon.cc",
    "addon_datagram.cc",
    "addon_landlock.cc",
    "addon_tree.cc",
    "checker.c",
    "datagram.c",
    "exec_check.c",
    "file_facts.c",
    "landlock.c",
    "open_exec.c",
    "openat2.c",
    "read_file.c",
    "securebits.c",
    "tree.c"
  ]
}
