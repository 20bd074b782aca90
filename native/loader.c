#define _GNU_SOURCE
#include "loader.h"

#include <dlfcn.h>
#include <errno.h>
#include <link.h>
#include <stdlib.h>
#include <string.h>

#include "glibc_floor.h"

struct lines {
  char *text;
  size_t length;
  int error;
};

static void add(struct lines *lines, const char *line) {
  const size_t length = strlen(line);
  if (lines->error != 0 || length == 0 || strchr(line, '\n') != NULL) return;
  char *longer = realloc(lines->text, lines->length + length + 2);
  if (longer == NULL) {
    lines->error = -ENOMEM;
    return;
  }
  lines->text = longer;
  memcpy(longer + lines->length, line, length + 1);
  lines->length += length;
  longer[lines->length++] = '\n';
  longer[lines->length] = '\0';
}

static int finish(struct lines *lines, char **text) {
  if (lines->error == 0 && lines->text == NULL) lines->text = calloc(1, 1);
  if (lines->error == 0 && lines->text == NULL) lines->error = -ENOMEM;
  if (lines->error != 0) free(lines->text);
  *text = lines->error == 0 ? lines->text : NULL;
  return lines->error;
}

/* The loader has made some of the addresses absolute, and left others relative. */
static const char *address(const struct dl_phdr_info *object, ElfW(Addr) value) {
  /* NOLINTNEXTLINE(performance-no-int-to-ptr): the loader gives numbers. */
  return (const char *)(value < object->dlpi_addr ? object->dlpi_addr + value : value);
}

static int add_object(struct dl_phdr_info *object, size_t size, void *data) {
  (void)size;
  add(data, object->dlpi_name);
  for (size_t i = 0; i < object->dlpi_phnum; i++) {
    if (object->dlpi_phdr[i].p_type != PT_DYNAMIC) continue;
    /* NOLINTNEXTLINE(performance-no-int-to-ptr): the loader gives numbers. */
    const ElfW(Dyn) *entry = (const ElfW(Dyn) *)(object->dlpi_addr + object->dlpi_phdr[i].p_vaddr);
    const char *strings = NULL;
    ElfW(Xword) soname = 0;
    for (; entry->d_tag != DT_NULL; entry++) {
      if (entry->d_tag == DT_STRTAB) strings = address(object, entry->d_un.d_ptr);
      if (entry->d_tag == DT_SONAME) soname = entry->d_un.d_val;
    }
    if (strings != NULL && soname != 0) add(data, strings + soname);
  }
  return 0;
}

int mayexec_loaded_libraries(char **text) {
  struct lines lines = {0};
  (void)dl_iterate_phdr(add_object, &lines);
  return finish(&lines, text);
}

int mayexec_library_path(char **text) {
#ifdef __GLIBC__
  struct lines lines = {0};
  Dl_serinfo head;
  void *program = dlopen(NULL, RTLD_LAZY);
  if (program == NULL || dlinfo(program, RTLD_DI_SERINFOSIZE, &head) != 0) return -ENOSYS;
  Dl_serinfo *info = malloc(head.dls_size);
  if (info == NULL) return -ENOMEM;
  if (dlinfo(program, RTLD_DI_SERINFOSIZE, info) != 0 ||
      dlinfo(program, RTLD_DI_SERINFO, info) != 0) {
    free(info);
    return -ENOSYS;
  }
  for (unsigned i = 0; i < info->dls_cnt; i++) add(&lines, info->dls_serpath[i].dls_name);
  free(info);
  return finish(&lines, text);
#else
  *text = NULL;
  return -ENOSYS;
#endif
}
