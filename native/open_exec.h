#ifndef MAYEXEC_OPEN_EXEC_H
#define MAYEXEC_OPEN_EXEC_H

#include <stdint.h>

#include "checker.h"

/* The result of opening one file as code. */
struct mayexec_opened {
  int fd;         /* or -errno of the open; then the rest is meaningless */
  int check;      /* mayexec_checker_check, or MAYEXEC_NOT_CHECKED */
  uint32_t mode;  /* st_mode: what kind of file it is */
  int is_stdin;   /* whether it is the file that was standard input when this was loaded */
  int64_t length; /* mayexec_read_file */
  uint8_t *data;  /* NULL when nothing was read; else to be freed */
};

enum {
  MAYEXEC_NOT_CHECKED = 1,

  MAYEXEC_SKIP_CHECK = 1,   /* this kernel lacks the check */
  MAYEXEC_READ = 2,         /* read the file too, when the check allows it */
  MAYEXEC_READ_REGULAR = 4, /* also read a regular file that is not standard input */
  MAYEXEC_READ_ANYWAY = 8,  /* also read any other file, and wait for the writer of a fifo */
  MAYEXEC_IMAGE_START = 32, /* of a code image read only the header and the directory */
  MAYEXEC_CHECK_HERE = 16,  /* no other thread starts threads: mayexec_check_here */
};

/* Remembers which regular file is standard input. A later fd 0 is a file like any other. */
void mayexec_note_stdin(void);

/*
 * Opens a file for reading as code and checks that very fd, which the caller owns. The open
 * never waits for the writer of a fifo and never makes a terminal the controlling one. Like
 * open(2), it waits for the holder of a lease.
 *
 * openat(2) opens the file where openat2 is missing or filtered, unless the caller needs
 * what openat(2) lacks. The lookup and the check are the same.
 *
 * -EBADFD when another thread has closed the fd, or put another file under its number, before its
 * content was read.
 */
void mayexec_open_exec(struct mayexec_checker *checker, enum mayexec_asker asker, int dirfd,
                       const char *path, uint64_t resolve, int what, struct mayexec_opened *opened);

#endif
