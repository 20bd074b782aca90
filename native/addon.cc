/*
 * Joins the C library to JavaScript and decides nothing: integers, strings and
 * buffers in; integers (>= 0, or -errno) and buffers out.
 *
 * A worker may be ending while any of this runs, and then every napi call can
 * fail. So each status is looked at, nothing is thrown from here, and a result
 * that JavaScript cannot be given is released: its fd closed, its data freed.
 */
#include <errno.h>
#include <limits.h>
#include <napi.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <new>
#include <string>
#include <vector>

#include "addon_datagram.h"
#include "addon_instance.h"
#include "addon_landlock.h"
#include "addon_read_code.h"
#include "addon_tree.h"
#include "addon_values.h"

extern "C" {
#include "checker.h"
#include "exec_check.h"
#include "execute.h"
#include "file_facts.h"
#include "open_exec.h"
#include "openat2.h"
#include "read_file.h"
#include "securebits.h"
}

namespace {

/* One call into the library: its arguments, then its results. */
struct Job {
  Instance *instance;
  char path[PATH_MAX];
  int fd;
  int what;
  uint64_t flags;
  uint64_t mode;
  uint64_t resolve;
  int securebits;

  int result;
  mayexec_opened opened;

  void (*run)(Job *);
  napi_value (*deliver)(napi_env, Job *); /* nullptr when env cannot take the result */
  void (*release)(Job *);                 /* for a result that was not delivered */

  napi_deferred deferred;
  napi_async_work work;
};

void ReleaseNothing(Job *) {}

void ReleaseFd(Job *job) {
  if (job->result >= 0) (void)close(job->result);
}

void ReleaseOpened(Job *job) {
  if (job->opened.fd >= 0) (void)close(job->opened.fd);
  free(job->opened.data);
}

void ReleaseData(Job *job) { free(job->opened.data); }

napi_value DeliverResult(napi_env env, Job *job) { return Integer(env, job->result); }

/* An fd on its way through a promise is ours until JavaScript has taken it. */
napi_value DeliverFd(napi_env env, Job *job) {
  napi_value value = Integer(env, job->result);
  if (value != nullptr && job->deferred != nullptr && job->result >= 0)
    job->instance->fds.push_back(job->result);
  return value;
}

/* A Buffer, an integer for a failed read, or undefined when nothing was read. */
napi_value DeliverData(napi_env env, Job *job) {
  napi_value value = nullptr;
  if (job->opened.length < 0) return Integer(env, job->opened.length);
  if (job->opened.data == nullptr)
    return napi_get_undefined(env, &value) == napi_ok ? value : nullptr;
  napi_status status = napi_create_buffer_copy(env, static_cast<size_t>(job->opened.length),
                                               job->opened.data, nullptr, &value);
  if (status != napi_ok) return nullptr;
  free(job->opened.data);
  job->opened.data = nullptr;
  return value;
}

/*
 * { fd, check, securebits, data }, defined and not assigned: a setter that the
 * program has put on a prototype must not come between the kernel and the policy.
 */
napi_value DeliverOpened(napi_env env, Job *job) {
  const char *const names[] = {"fd", "check", "securebits", "data"};
  const napi_value values[] = {Integer(env, job->opened.fd), Integer(env, job->opened.check),
                               Integer(env, job->securebits), DeliverData(env, job)};
  napi_property_descriptor properties[4] = {};
  for (size_t i = 0; i < 4; i++) {
    if (values[i] == nullptr) return nullptr;
    properties[i].utf8name = names[i];
    properties[i].value = values[i];
    properties[i].attributes = napi_enumerable;
  }
  napi_value object = nullptr;
  if (napi_create_object(env, &object) != napi_ok ||
      napi_define_properties(env, object, 4, properties) != napi_ok)
    return nullptr;
  if (job->opened.fd >= 0) job->instance->fds.push_back(job->opened.fd);
  return object;
}

void RunOpenat2(Job *job) {
  job->result = mayexec_openat2(job->fd, job->path, job->flags, job->mode, job->resolve);
}

void RunOpenat2Probe(Job *job) {
  job->result = mayexec_openat2_probe(job->fd, job->path, job->flags, job->resolve);
}

void RunOpenExec(Job *job) {
  mayexec_open_exec(job->instance->checker, job->fd, job->path, job->resolve, job->what,
                    &job->opened);
}

void RunCheck(Job *job) {
  job->result = mayexec_checker_check(job->instance->checker, job->fd, job->path);
}

void RunReadFile(Job *job) { job->opened.length = mayexec_read_file(job->fd, &job->opened.data); }

/* openat2(dirfd, path, flags, mode, resolve): fd */
int ParseOpenat2(napi_env env, const Napi::CallbackInfo &info, Job *job) {
  job->run = RunOpenat2;
  job->deliver = DeliverFd;
  job->release = ReleaseFd;
  if (!GetInt(env, info[0], &job->fd) || !GetUint64(env, info[2], &job->flags) ||
      !GetUint64(env, info[3], &job->mode) || !GetUint64(env, info[4], &job->resolve))
    return -EINVAL;
  return GetPath(env, info[1], job->path);
}

/* openat2Probe(dirfd, path, flags, resolve): 0 */
int ParseOpenat2Probe(napi_env env, const Napi::CallbackInfo &info, Job *job) {
  job->run = RunOpenat2Probe;
  job->deliver = DeliverResult;
  job->release = ReleaseNothing;
  if (!GetInt(env, info[0], &job->fd) || !GetUint64(env, info[2], &job->flags) ||
      !GetUint64(env, info[3], &job->resolve))
    return -EINVAL;
  return GetPath(env, info[1], job->path);
}

/* openExec(dirfd, path, resolve, what): { fd, check, securebits, data } */
int ParseOpenExec(napi_env env, const Napi::CallbackInfo &info, Job *job) {
  job->run = RunOpenExec;
  job->deliver = DeliverOpened;
  job->release = ReleaseOpened;
  /* On the JavaScript thread: it is its securebits that decide. */
  job->securebits = mayexec_get_securebits();
  if (!GetInt(env, info[0], &job->fd) || !GetUint64(env, info[2], &job->resolve) ||
      !GetInt(env, info[3], &job->what))
    return -EINVAL;
  return GetPath(env, info[1], job->path);
}

/* check(fd, name): 0 */
int ParseCheck(napi_env env, const Napi::CallbackInfo &info, Job *job) {
  job->run = RunCheck;
  job->deliver = DeliverResult;
  job->release = ReleaseNothing;
  if (!GetInt(env, info[0], &job->fd)) return -EINVAL;
  return GetPath(env, info[1], job->path);
}

/* readFile(fd): Buffer */
int ParseReadFile(napi_env env, const Napi::CallbackInfo &info, Job *job) {
  job->run = RunReadFile;
  job->deliver = DeliverData;
  job->release = ReleaseData;
  return GetInt(env, info[0], &job->fd) ? 0 : -EINVAL;
}

/* Puts an argument error where the failed call's own error would be. */
void Fail(Job *job, int error) {
  job->result = error;
  job->opened.fd = error;
  job->opened.check = MAYEXEC_NOT_CHECKED;
  job->opened.length = job->run == RunReadFile ? error : 0;
}

std::vector<char *> Pointers(std::vector<std::string> *strings) {
  std::vector<char *> pointers;
  for (std::string &string : *strings) pointers.push_back(&string[0]);
  pointers.push_back(nullptr);
  return pointers;
}

/* execute(path, argv, envp): -errno, or it does not return. */
Napi::Value Execute(const Napi::CallbackInfo &info) {
  napi_env env = info.Env();
  char path[PATH_MAX];
  std::vector<std::string> argv, envp;
  int result = GetPath(env, info[0], path);
  if (result == 0) {
    result = -EINVAL;
    if (GetStrings(env, info[1], &argv) && GetStrings(env, info[2], &envp))
      result = mayexec_execute(path, Pointers(&argv).data(), Pointers(&envp).data());
  }
  return Napi::Value(env, Integer(env, result));
}

using Parse = int (*)(napi_env, const Napi::CallbackInfo &, Job *);

template <Parse parse>
Napi::Value Sync(const Napi::CallbackInfo &info) {
  napi_env env = info.Env();
  Job job;
  job.opened = {};
  job.deferred = nullptr;
  job.instance = InstanceOf(env);
  if (job.instance == nullptr) return Napi::Value();
  int error = parse(env, info, &job);
  if (error == 0)
    job.run(&job);
  else
    Fail(&job, error);
  napi_value value = job.deliver(env, &job);
  if (value == nullptr) job.release(&job);
  return Napi::Value(env, value);
}

void RunJob(napi_env, void *data) {
  Job *job = static_cast<Job *>(data);
  job->run(job);
}

void Complete(napi_env env, napi_status status, void *data) {
  Job *job = static_cast<Job *>(data);
  /* Anything but napi_ok: cancelled before it ran, so there is nothing to release. */
  if (status == napi_ok) {
    napi_value value = job->deliver(env, job);
    if (value == nullptr)
      job->release(job);
    else
      (void)napi_resolve_deferred(env, job->deferred, value);
  }
  (void)napi_delete_async_work(env, job->work);
  delete job;
}

template <Parse parse>
Napi::Value Async(const Napi::CallbackInfo &info) {
  napi_env env = info.Env();
  Job *job = new (std::nothrow) Job;
  if (job == nullptr) return Napi::Value();
  job->opened = {};
  job->instance = InstanceOf(env);
  napi_value promise = nullptr;
  napi_value name = nullptr;
  if (job->instance == nullptr || napi_create_promise(env, &job->deferred, &promise) != napi_ok) {
    delete job;
    return Napi::Value();
  }
  int error = parse(env, info, job);
  if (error != 0) {
    Fail(job, error);
    napi_value value = job->deliver(env, job);
    if (value != nullptr) (void)napi_resolve_deferred(env, job->deferred, value);
    delete job;
    return Napi::Value(env, promise);
  }
  if (napi_create_string_utf8(env, "mayexec", NAPI_AUTO_LENGTH, &name) != napi_ok ||
      napi_create_async_work(env, nullptr, name, RunJob, Complete, job, &job->work) != napi_ok) {
    delete job;
    return Napi::Value();
  }
  if (napi_queue_async_work(env, job->work) != napi_ok) {
    (void)napi_delete_async_work(env, job->work);
    delete job;
    return Napi::Value();
  }
  return Napi::Value(env, promise);
}

Napi::Value GetSecurebits(const Napi::CallbackInfo &info) {
  return Napi::Value(info.Env(), Integer(info.Env(), mayexec_get_securebits()));
}

Napi::Value SetSecurebits(const Napi::CallbackInfo &info) {
  int bits = 0;
  int result = -EINVAL;
  if (GetInt(info.Env(), info[0], &bits))
    result = mayexec_set_securebits(static_cast<unsigned>(bits));
  return Napi::Value(info.Env(), Integer(info.Env(), result));
}

Napi::Value ExecCheckProbe(const Napi::CallbackInfo &info) {
  return Napi::Value(info.Env(), Integer(info.Env(), mayexec_exec_check_probe()));
}

template <int (*fact)(int)>
Napi::Value FileFact(const Napi::CallbackInfo &info) {
  int fd = -1;
  int result = GetInt(info.Env(), info[0], &fd) ? fact(fd) : -EINVAL;
  return Napi::Value(info.Env(), Integer(info.Env(), result));
}

/* disown(fd): 1 when it was ours. From here on the caller closes it. */
Napi::Value Disown(const Napi::CallbackInfo &info) {
  Instance *instance = InstanceOf(info.Env());
  int fd = -1;
  int result = -EINVAL;
  if (instance != nullptr && GetInt(info.Env(), info[0], &fd)) result = instance->Disown(fd);
  return Napi::Value(info.Env(), Integer(info.Env(), result));
}

/* closeOwned(fd): 0, or -EBADF when it is not ours. */
Napi::Value CloseOwned(const Napi::CallbackInfo &info) {
  Instance *instance = InstanceOf(info.Env());
  int fd = -1;
  int result = -EBADF;
  if (instance != nullptr && GetInt(info.Env(), info[0], &fd) && instance->Disown(fd))
    result = close(fd) == 0 ? 0 : -errno;
  return Napi::Value(info.Env(), Integer(info.Env(), result));
}

/* restartChecker(): 0, or -errno. After the calling thread's credentials have changed. */
Napi::Value RestartChecker(const Napi::CallbackInfo &info) {
  Instance *instance = InstanceOf(info.Env());
  int result = instance == nullptr ? -EINVAL : mayexec_checker_restart(instance->checker);
  return Napi::Value(info.Env(), Integer(info.Env(), result));
}

const struct {
  const char *name;
  Napi::Value (*call)(const Napi::CallbackInfo &);
} functions[] = {
    {"openat2Sync", Sync<ParseOpenat2>},
    {"openat2", Async<ParseOpenat2>},
    {"openat2Probe", Sync<ParseOpenat2Probe>},
    {"openExecSync", Sync<ParseOpenExec>},
    {"openExec", Async<ParseOpenExec>},
    {"checkSync", Sync<ParseCheck>},
    {"check", Async<ParseCheck>},
    {"readFileSync", Sync<ParseReadFile>},
    {"readFile", Async<ParseReadFile>},
    {"getSecurebits", GetSecurebits},
    {"setSecurebits", SetSecurebits},
    {"execCheckProbe", ExecCheckProbe},
    {"execAccess", FileFact<mayexec_exec_access>},
    {"onNoexecMount", FileFact<mayexec_on_noexec_mount>},
    {"disown", Disown},
    {"closeOwned", CloseOwned},
    {"restartChecker", RestartChecker},
    {"execute", Execute},
};

void DeleteInstance(napi_env, void *data, void *) { delete static_cast<Instance *>(data); }

Napi::Object Init(Napi::Env env, Napi::Object exports) {
  Instance *instance = new (std::nothrow) Instance;
  if (instance == nullptr || mayexec_checker_open(&instance->checker) != 0 ||
      napi_set_instance_data(env, instance, DeleteInstance, nullptr) != napi_ok) {
    delete instance;
    return exports;
  }
  for (const auto &entry : functions) {
    Napi::Function function = Napi::Function::New(env, entry.call, entry.name);
    if (function.IsEmpty() ||
        napi_set_named_property(env, exports, entry.name, function) != napi_ok)
      return exports;
  }
  AddDatagram(env, exports);
  AddLandlock(env, exports);
  AddReadCode(env, exports);
  AddTree(env, exports);
  return exports;
}

}  // namespace

NODE_API_MODULE(mayexec, Init)
