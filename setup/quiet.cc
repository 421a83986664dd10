// TensorFlow writes start-up notices to stderr before its own log level is read, and they would land in notebooks.
// Linked into tfjs-node-gpu's addon, this raises the log's threshold as soon as the addon is loaded; errors still show.
#include "absl/log/globals.h"

namespace {
const bool quiet = [] {
  absl::SetMinLogLevel(absl::LogSeverityAtLeast::kError);
  return true;
}();
}
