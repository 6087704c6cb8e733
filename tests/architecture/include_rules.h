// The arrows of docs/architecture.md as a table, and the check of one source text against it.
//
// model <- properties <- { checker, traces } <- report <- cli; within model: ir <- exec <- ims. A layer may include its
// own folder and those listed for it, nothing else. A third-party library that is not in the table may be included
// nowhere: whoever adds one says here who may know it.
// Thread-safety: pure functions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace imspect::tests {

/// The layer a path from the repository's root lies in ("model/ir", "report"); empty: none.
std::string layer_of(std::string_view path);

/// One sentence for each include of `text` that the table forbids in the file `path`.
std::vector<std::string> forbidden_includes(std::string_view path, std::string_view text);

}  // namespace imspect::tests
