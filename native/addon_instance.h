#ifndef MAYEXEC_ADDON_INSTANCE_H
#define MAYEXEC_ADDON_INSTANCE_H

#include <napi.h>
#include <unistd.h>

#include <vector>

extern "C" {
#include "checker.h"
}

/* What belongs to one JavaScript thread. */
struct Instance {
  mayexec_checker *checker = nullptr;
  /* Fds that JavaScript closes through us: a worker that is terminated does not. */
  std::vector<int> fds;

  bool Disown(int fd) {
    for (size_t i = 0; i < fds.size(); i++) {
      if (fds[i] != fd) continue;
      fds[i] = fds.back();
      fds.pop_back();
      return true;
    }
    return false;
  }

  ~Instance() {
    for (int fd : fds) (void)close(fd);
    if (checker != nullptr) mayexec_checker_close(checker);
  }
};

inline Instance *InstanceOf(napi_env env) {
  void *data = nullptr;
  return napi_get_instance_data(env, &data) == napi_ok ? static_cast<Instance *>(data) : nullptr;
}

#endif
