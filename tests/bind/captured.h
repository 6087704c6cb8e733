// A capture of the lab from file to events. Thread-safety: pure.
#pragma once

#include <string>

#include "tests/bind/bound.h"

namespace imspect::tests {

inline std::string lab_folder() { return std::string(IMSPECT_SOURCE_DIR) + "/tests/captures/lab/"; }

/// Fails the test where the file can't be read.
Bound bind_capture(const std::string& path);

}  // namespace imspect::tests
