#ifndef MAYEXEC_DIRECTORY_H
#define MAYEXEC_DIRECTORY_H

#include <stddef.h>
#include <stdint.h>

#include "checker.h"

/*
 * What a scan asks about a directory, with all names in one call. One call for each name
 * would cost more than the answers.
 */

/*
 * Lists a directory that is open for reading. Each entry is a letter for its type (f file,
 * d directory, l symbolic link, o anything else), its name, and a NUL. "." and ".." are
 * left out. The entries are in *entries, for the caller to free. Returns their total
 * length, or -errno.
 */
int64_t mayexec_list_directory(int directory, char **entries);

/* The open directories of the names, in pairs: an fd, and the number of names in that directory. */
struct mayexec_names_in {
  int *numbers;
  size_t count;
};

/* The total number of names, or -EINVAL. */
int64_t mayexec_count_names(const struct mayexec_names_in *where);

/*
 * Makes the exec check on names in directories, on the checker's thread. Each name in
 * `names` ends with a NUL. For each name `answers` gets two numbers: the result of
 * mayexec_exec_check_at, and, when that is not 0, the st_mode of the file, or 0 when there
 * is none. A busy file is not waited for. 0, or mayexec_checker_run's error.
 */
int mayexec_check_names(struct mayexec_checker *checker, enum mayexec_asker asker,
                        const struct mayexec_names_in *where, const char *names, int32_t *answers);

#endif
