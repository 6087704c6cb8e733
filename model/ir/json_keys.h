// One JSON object being read: every key is asked for by name, and what nobody asked for is an error.
//
// Private to the JSON reader. The first error of a whole reading is kept in one place; after it every request gives an
// empty value, so that reading code needs no check a line. Thread-safety: one reading, one thread.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "model/result.h"

namespace imspect::ir {

using Json = nlohmann::ordered_json;

/// The first error, with the file.
struct Reading {
    std::string file;
    std::optional<Error> error;
    void fail(const std::string& path, std::string message, std::string excerpt = {});
};

/// One step of a path, '~' and '/' escaped as RFC 6901 asks.
[[nodiscard]] std::string path_step(std::string_view key);

class Keys {
public:
    Keys(Reading& reading, const Json& object, std::string path);

    [[nodiscard]] const std::string& path() const { return path_; }
    [[nodiscard]] std::string path(std::string_view key) const { return path_ + path_step(key); }
    [[nodiscard]] bool good() const { return !reading_->error; }

    /// Null where the key is missing.
    const Json* find(const char* key);
    /// An error where the key is missing.
    const Json* require(const char* key);

    std::string text(const char* key, bool required);
    bool flag(const char* key);
    long long number(const char* key, long long lowest, long long highest, std::optional<long long> otherwise);
    std::vector<std::string> texts(const char* key, bool required);
    /// The object below a key: its members in order; none where the key is missing.
    const Json* members(const char* key, bool required);
    /// The array below a key; null where the key is missing.
    const Json* elements(const char* key);

    /// Call last: names the first key that nobody asked for.
    void finish();

private:
    Reading* reading_;
    const Json* object_;
    std::string path_;
    std::set<std::string> asked_;
};

/// The whole text as JSON: syntax errors with line and column, repeated keys, nesting too deep.
std::optional<Json> parse_document(Reading& reading, std::string_view text);

}  // namespace imspect::ir
