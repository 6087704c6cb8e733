// The progress line of a search, on standard error, and only where a terminal shows it.
//
// One line that rewrites itself and vanishes when the line is destroyed, so that nothing of it stays in a log or between
// the lines of an answer. Thread-safety: called by one thread at a time, as the engine promises.
#pragma once

#include <string>

#include "checker/explicit/search.h"
#include "model/result.h"

namespace imspect::cli {

/// `mode` is "auto" (on a terminal), "always", "never"; anything else is an Error.
[[nodiscard]] Result<bool> progress_wanted(const std::string& mode);

class ProgressLine {
public:
    explicit ProgressLine(bool wanted) : wanted_(wanted) {}
    ~ProgressLine() { erase(); }
    ProgressLine(const ProgressLine&) = delete;
    ProgressLine& operator=(const ProgressLine&) = delete;

    void show(const explore::Progress& progress);
    void show(const std::string& line);
    void erase();

private:
    bool wanted_;
    bool shown_ = false;
};

}  // namespace imspect::cli
