// The one place where the commands touch files. Errors name the file and what the system said. Thread-safety: none shared.
#pragma once

#include <optional>
#include <string>

#include "checker/model_source.h"
#include "model/result.h"

namespace imspect::cli {

[[nodiscard]] Result<checker::Text> read_file(const std::string& path);
[[nodiscard]] bool is_regular_file(const std::string& path);

/// Can the file be written? Leaves none where there was none, and changes nothing in one that is there.
[[nodiscard]] std::optional<Error> try_writing(const std::string& path);
[[nodiscard]] std::optional<Error> write_file(const std::string& path, const std::string& content);

}  // namespace imspect::cli
