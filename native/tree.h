#ifndef MAYEXEC_TREE_H
#define MAYEXEC_TREE_H

#include <stddef.h>
#include <stdint.h>

/*
 * Walks a tree of files and makes the exec check on each that Node would load
 * as code, in one call: asked one by one from JavaScript, the calls would cost
 * more than the checks.
 *
 * Code is told by its name (.js .cjs .mjs .node .wasm .ts .cts .mts, but not the
 * declarations .d.ts .d.cts .d.mts), or, where the name has no extension, by a
 * first line "#!" that names node. What a package.json names beyond that is the
 * caller's to find: its text is handed over, but for one in node_modules that
 * names nothing (package_json.h).
 *
 * No symbolic link is followed. Every open is an openat2(2) that stays beneath
 * the root, or is of a single name in a directory opened so, and so is every
 * check: a tree that is rearranged meanwhile cannot lead the walk out of it.
 */

/* What a record is about. */
enum {
  MAYEXEC_TREE_CODE = 1,    /* code by its name; result is that of the check */
  MAYEXEC_TREE_LINK = 2,    /* a symbolic link that leaves the tree */
  MAYEXEC_TREE_ERROR = 3,   /* could not be examined; result says why */
  MAYEXEC_TREE_PACKAGE = 4, /* a package.json that has more to say, with its content */
  MAYEXEC_TREE_SCRIPT = 5,  /* code by its first line; result is that of the check */
};

/* Why the check refused a file; policy and names are as in src/answer.ts. */
enum {
  MAYEXEC_TREE_NO_REASON = 0,
  MAYEXEC_TREE_NOEXEC_MOUNT = 1,
  MAYEXEC_TREE_MODE = 2,
  MAYEXEC_TREE_SECURITY_MODULE = 3,
};

enum {
  /* Make no check, and record every file of code with result 0. */
  MAYEXEC_TREE_LIST = 1,

  /* folder's length, content's length, result, number of paths, kind, reason, 0, 0 */
  MAYEXEC_TREE_HEADER = 20,
};

/*
 * Walks beneath the directory fd `root`, on as many threads as there are
 * processors, up to four. Fills *records with the records that were not taken
 * meanwhile (mayexec_tree_take); the caller frees it.
 * Each is a header, numbers in it little endian, a folder relative to the root,
 * and the content: the paths of files in that folder with a NUL between them,
 * nothing when the record is about the folder itself, or the text of its
 * package.json. The folder is the package's in node_modules, and elsewhere the
 * directory that a file is in.
 * They come in no order. Without MAYEXEC_TREE_LIST a file that is code by its
 * name and that the check allows is in no record.
 *
 * 0, or -errno when the walk could not be made at all: -ENOMEM, -EBUSY while
 * another walk of the process goes on, or the error of opening the root itself.
 * Since Linux 5.6 (openat2), the check since 6.14.
 */
int mayexec_tree_walk(int root, int what, uint8_t **records, size_t *length);

/*
 * Takes the records that the walk under way has so far, for who has something to
 * do meanwhile: *bytes, which the caller frees, and their length. The walk itself
 * gives what nobody has taken.
 */
size_t mayexec_tree_take(uint8_t **bytes);

/* How far the process's walk has come; any thread may ask. */
struct mayexec_tree_progress {
  uint32_t directories; /* found */
  uint32_t walked;      /* of them, done */
  uint32_t files;       /* regular files seen */
  uint32_t code;        /* of them, code */
};

struct mayexec_tree_progress mayexec_tree_get_progress(void);

#endif
