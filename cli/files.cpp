#include "cli/files.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace imspect::cli {
namespace {

Error refused(const std::string& path, const std::string& what) {
    const std::string reason = errno != 0 ? std::strerror(errno) : "the system gave no reason";
    return Error{"file", what + ": " + reason, path, {}, {}};
}

}  // namespace

bool is_regular_file(const std::string& path) {
    std::error_code ignored;
    return std::filesystem::is_regular_file(path, ignored);
}

Result<checker::Text> read_file(const std::string& path) {
    std::error_code ignored;
    if (std::filesystem::is_directory(path, ignored)) return Error{"file", "cannot be read: it is a directory", path, {}, {}};
    errno = 0;
    std::ifstream file(path, std::ios::binary);
    if (!file) return refused(path, "cannot be read");
    std::ostringstream content;
    content << file.rdbuf();
    if (file.bad()) return refused(path, "cannot be read");
    return checker::Text{path, content.str()};
}

std::optional<Error> try_writing(const std::string& path) {
    std::error_code ignored;
    const bool is_new = std::filesystem::symlink_status(path, ignored).type() == std::filesystem::file_type::not_found;
    errno = 0;
    std::ofstream file(path, std::ios::binary | std::ios::app);
    if (!file) return refused(path, "cannot be written");
    file.close();
    if (is_new) std::filesystem::remove(path, ignored);
    return std::nullopt;
}

std::optional<Error> write_file(const std::string& path, const std::string& content) {
    errno = 0;
    std::ofstream file(path, std::ios::binary | std::ios::trunc);
    file << content;
    file.close();
    if (!file) return refused(path, "cannot be written");
    return std::nullopt;
}

}  // namespace imspect::cli
