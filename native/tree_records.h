#ifndef MAYEXEC_TREE_RECORDS_H
#define MAYEXEC_TREE_RECORDS_H

#include <stddef.h>
#include <stdint.h>

/*
 * The records of a walk, as bytes (tree.h says how). What has the same to tell
 * of many files of a folder is one record, so that its reader has as much work
 * as there are packages, not files.
 */
struct mayexec_tree_records {
  uint8_t *bytes;
  size_t length;
  size_t capacity;
  size_t last; /* where a record begins that may take one more name, or NONE */
};

/* No record yet. */
#define MAYEXEC_TREE_NO_RECORDS ((struct mayexec_tree_records){.last = SIZE_MAX})

/*
 * The file `name` of a directory; the directory itself when it is "". It goes into
 * a record of the folder that the first `folder_length` bytes of the directory's
 * path name, which may be the whole path. 0, or -ENOMEM or -EOVERFLOW.
 */
int mayexec_tree_add_name(struct mayexec_tree_records *records, int kind, int reason, int result,
                          const char *directory, size_t directory_length, size_t folder_length,
                          const char *name);

/* A record with content instead of names. */
int mayexec_tree_add_content(struct mayexec_tree_records *records, int kind, const char *directory,
                             size_t directory_length, const uint8_t *content, size_t length);

/* Moves the records of `from` behind those of `to`. 0, or -ENOMEM; `from` is empty then. */
int mayexec_tree_join_records(struct mayexec_tree_records *to, struct mayexec_tree_records *from);

void mayexec_tree_free_records(struct mayexec_tree_records *records);

#endif
