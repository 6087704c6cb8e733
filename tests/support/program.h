// Runs the built `imspect` as a user would and keeps what it said. Thread-safety: one call at a time.
#pragma once

#include <string>
#include <vector>

namespace imspect::tests {

struct Said {
    int status = -1;  ///< exit status; 128 + n where signal n ended it
    std::string out;
    std::string err;
};

/// Arguments are words, not shell text. Standard input is empty; NO_COLOR is not set.
[[nodiscard]] Said run_imspect(const std::vector<std::string>& arguments);

/// Sends `signal` after so many milliseconds.
[[nodiscard]] Said run_imspect_and_signal(const std::vector<std::string>& arguments, int signal, int after_milliseconds);

/// What another program says on both outputs, by the shell; "status not 0" behind it where it failed. Tests that run at once do not meet.
[[nodiscard]] std::string said_in_shell(const std::string& command);

/// Writes a file below the tests' output folder and gives its path.
[[nodiscard]] std::string temporary_file(const std::string& name, const std::string& content);
[[nodiscard]] std::string file_content(const std::string& path);

}  // namespace imspect::tests
