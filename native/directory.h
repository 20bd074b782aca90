#ifndef MAYEXEC_DIRECTORY_H
#define MAYEXEC_DIRECTORY_H

#include <stddef.h>
#include <stdint.h>

#include "checker.h"

/*
 * What a scan asks about a directory, all of its names in one call: asked name
 * by name from JavaScript, the calls would cost more than the answers.
 */

/*
 * Lists a directory that is open for reading. Each entry is a letter for its
 * type (f file, d directory, l symbolic link, o anything else), its name, and a
 * NUL; "." and ".." are left out. The length of all entries, which are in
 * *entries for the caller to free, or -errno.
 */
int64_t mayexec_list_directory(int directory, char **entries);

/* Which open directories names are in: by twos, an fd and how many names are in that directory. */
struct mayexec_names_in {
  int *numbers;
  size_t count;
};

/* How many names that are, or -EINVAL. */
int64_t mayexec_count_names(const struct mayexec_names_in *where);

/*
 * Makes the exec check on names in directories, where the checker does. `names`
 * has a NUL behind each. For every name `answers` gets two numbers: the result of
 * mayexec_exec_check_at, and, when that is not 0, the st_mode of what has the name,
 * or 0 when it has none. No busy file is waited for. 0, or mayexec_checker_run's error.
 */
int mayexec_check_names(struct mayexec_checker *checker, enum mayexec_asker asker,
                        const struct mayexec_names_in *where, const char *names, int32_t *answers);

#endif
