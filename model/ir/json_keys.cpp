#include "model/ir/json_keys.h"

#include <algorithm>

#include <fmt/format.h>

#include "model/ir/json_numbers.h"
#include "model/nearest.h"

namespace imspect::ir {

namespace {

constexpr int kMaxNesting = 32;  // a model needs less than ten

/// "line:column" of a byte.
std::string position_of(std::string_view text, std::size_t byte) {
    const std::string_view before = text.substr(0, std::min(byte, text.size()));
    const auto line = std::count(before.begin(), before.end(), '\n') + 1;
    const std::size_t newline = before.rfind('\n');
    const std::size_t column = newline == std::string_view::npos ? before.size() + 1 : before.size() - newline;
    return fmt::format("{}:{}", line, column);
}

std::string_view type_of(const Json& json) {
    if (json.is_object()) return "an object";
    if (json.is_array()) return "an array";
    if (json.is_string()) return "a text";
    if (json.is_number()) return "a number";
    if (json.is_boolean()) return "true or false";
    return "null";
}

}  // namespace

void Reading::fail(const std::string& path, std::string message, std::string excerpt) {
    if (!error) error = Error{"model", std::move(message), file, path.empty() ? "/" : path, std::move(excerpt)};
}

std::string path_step(std::string_view key) {
    std::string out = "/";
    for (const char c : key) {
        if (c == '~') out += "~0";
        else if (c == '/') out += "~1";
        else out += c;
    }
    return out;
}

Keys::Keys(Reading& reading, const Json& object, std::string path) : reading_(&reading), object_(&object), path_(std::move(path)) {
    if (!object.is_object()) reading.fail(path_, fmt::format("expected an object, found {}", type_of(object)));
}

const Json* Keys::find(const char* key) {
    asked_.insert(key);
    if (!good() || !object_->is_object()) return nullptr;
    const auto found = object_->find(key);
    return found == object_->end() ? nullptr : &*found;
}

const Json* Keys::require(const char* key) {
    const Json* found = find(key);
    if (found != nullptr || !good()) return found;
    // A misspelt key is the better message than a missing one.
    for (const auto& [other, value] : object_->items()) {
        if (nearest_name(other, {key}) == key) {
            reading_->fail(path(other), fmt::format("unknown key '{}'; did you mean '{}'?", other, key));
        }
    }
    reading_->fail(path_, fmt::format("the key '{}' is missing", key));
    return nullptr;
}

std::string Keys::text(const char* key, bool required) {
    const Json* found = required ? require(key) : find(key);
    if (found == nullptr) return {};
    if (!found->is_string()) {
        reading_->fail(path(key), fmt::format("expected a text, found {}", type_of(*found)));
        return {};
    }
    return found->get<std::string>();
}

bool Keys::flag(const char* key) {
    const Json* found = find(key);
    if (found == nullptr) return false;
    if (!found->is_boolean()) {
        reading_->fail(path(key), fmt::format("expected true or false, found {}", type_of(*found)));
        return false;
    }
    return found->get<bool>();
}

long long Keys::number(const char* key, long long lowest, long long highest, std::optional<long long> otherwise) {
    const Json* found = otherwise ? find(key) : require(key);
    if (found == nullptr) return otherwise.value_or(lowest);
    const bool whole = found->is_number_integer() && !(found->is_number_unsigned() && found->get<std::uint64_t>() > 1'000'000'000);
    const long long value = whole ? found->get<long long>() : 0;
    if (!whole || value < lowest || value > highest) {
        reading_->fail(path(key), fmt::format("expected a whole number from {} to {}", lowest, highest));
        return lowest;
    }
    return value;
}

std::vector<std::string> Keys::texts(const char* key, bool required) {
    const Json* found = required ? require(key) : find(key);
    std::vector<std::string> out;
    if (found == nullptr) return out;
    if (!found->is_array()) {
        reading_->fail(path(key), fmt::format("expected an array of texts, found {}", type_of(*found)));
        return out;
    }
    for (std::size_t i = 0; i < found->size(); ++i) {
        if (!(*found)[i].is_string()) {
            reading_->fail(fmt::format("{}/{}", path(key), i), fmt::format("expected a text, found {}", type_of((*found)[i])));
            return out;
        }
        out.push_back((*found)[i].get<std::string>());
    }
    return out;
}

const Json* Keys::members(const char* key, bool required) {
    const Json* found = required ? require(key) : find(key);
    if (found == nullptr || found->is_object()) return found;
    reading_->fail(path(key), fmt::format("expected an object, found {}", type_of(*found)));
    return nullptr;
}

const Json* Keys::elements(const char* key) {
    const Json* found = find(key);
    if (found == nullptr || found->is_array()) return found;
    reading_->fail(path(key), fmt::format("expected an array, found {}", type_of(*found)));
    return nullptr;
}

void Keys::finish() {
    if (!good()) return;
    for (const auto& [key, value] : object_->items()) {
        if (asked_.contains(key)) continue;
        const std::vector<std::string> known(asked_.begin(), asked_.end());
        const std::string hint = did_you_mean(key, known);
        reading_->fail(path(key), fmt::format("unknown key '{}'{}", key,
                                              hint.empty() ? fmt::format("; known are {}", fmt::join(known, ", ")) : hint));
        return;
    }
}

std::optional<Json> parse_document(Reading& reading, std::string_view text) {
    std::vector<std::set<std::string>> open;  // keys of the objects around the place being read
    std::optional<std::string> repeated;
    bool deep = false;
    const Json::parser_callback_t watch = [&](int depth, Json::parse_event_t event, Json& parsed) {
        deep = deep || depth > kMaxNesting;
        if (event == Json::parse_event_t::object_start) open.emplace_back();
        if (event == Json::parse_event_t::object_end) open.pop_back();
        if (event == Json::parse_event_t::key && !open.back().insert(parsed.get<std::string>()).second && !repeated) {
            repeated = parsed.get<std::string>();
        }
        return !deep;  // what lies too deep is not kept
    };
    try {
        Json document = Json::parse(text, watch);
        if (deep) reading.fail("", fmt::format("nested deeper than {} levels", kMaxNesting));
        if (repeated) reading.fail("", fmt::format("the key '{}' stands twice in one object", *repeated));
        if (reading.error) return {};
        return document;
    } catch (const Json::parse_error& error) {
        std::string message = error.what();  // "[json.exception…] parse error at line 1, column 2: what"
        if (const std::size_t colon = message.find(": "); colon != std::string::npos) message.erase(0, colon + 2);
        reading.error = Error{"model", "not JSON: " + message, reading.file, position_of(text, error.byte > 0 ? error.byte - 1 : 0), {}};
    } catch (const Json::exception& error) {
        const auto huge = find_huge_number(text);
        reading.error = Error{"model", huge ? huge->message : fmt::format("not JSON: {}", error.what()), reading.file, huge ? huge->path : "", {}};
    }
    return {};
}

}  // namespace imspect::ir
