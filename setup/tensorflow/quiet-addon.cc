// Loads the TensorFlow addon without the lines that TensorFlow logs on stderr while it is being loaded, before any
// setting can reach it (TF_CPP_MIN_LOG_LEVEL included): they would stand in terminals and in every notebook's first cell.
// stderr is away only while the library's static initialisers run; afterwards errors are logged as ever.
// With TF_CPP_MIN_LOG_LEVEL=0 nothing is held back.

#include <dlfcn.h>
#include <fcntl.h>
#include <node_api.h>
#include <unistd.h>

#include <cstdlib>
#include <string>

namespace {

bool wants_every_line() {
  const char* level = std::getenv("TF_CPP_MIN_LOG_LEVEL");
  return level != nullptr && std::string(level) == "0";
}

// The real addon lies beside this one.
std::string addon_path() {
  Dl_info here;
  dladdr(reinterpret_cast<void*>(&addon_path), &here);
  const std::string file = here.dli_fname;
  return file.substr(0, file.rfind('/') + 1) + "tfjs_binding_tensorflow.so";
}

void* load_quietly(const char* path) {
  const int kept = dup(STDERR_FILENO);
  const int nowhere = open("/dev/null", O_WRONLY);
  dup2(nowhere, STDERR_FILENO);
  close(nowhere);
  void* library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  dup2(kept, STDERR_FILENO);
  close(kept);
  return library;
}

// absl::SetMinLogLevel of the Abseil release inside TensorFlow 2.21; elsewhere a line more is logged, no harm.
void log_errors_only(void* library) {
  using SetMinLogLevel = void (*)(int severity);
  void* found = dlsym(library, "_ZN4absl12lts_2025081414SetMinLogLevelENS0_18LogSeverityAtLeastE");
  if (found != nullptr) reinterpret_cast<SetMinLogLevel>(found)(2);
}

}  // namespace

NAPI_MODULE_INIT() {
  const std::string path = addon_path();
  void* library = wants_every_line() ? dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL) : load_quietly(path.c_str());
  void* start = library == nullptr ? nullptr : dlsym(library, "napi_register_module_v1");
  if (start == nullptr) {
    napi_throw_error(env, nullptr, dlerror());
    return nullptr;
  }
  if (!wants_every_line()) log_errors_only(library);
  return reinterpret_cast<napi_addon_register_func>(start)(env, exports);
}
