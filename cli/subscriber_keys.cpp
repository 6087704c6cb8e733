#include "cli/subscriber_keys.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

namespace imspect::cli {
namespace {

using Json = nlohmann::json;

std::optional<std::vector<std::uint8_t>> sixteen_octets(const Json& json) {
    if (!json.is_string()) return std::nullopt;
    const std::string text = json.get<std::string>();
    const auto digit = [](char byte) { return std::isxdigit(static_cast<unsigned char>(byte)) != 0; };
    if (text.size() != 32 || !std::all_of(text.begin(), text.end(), digit)) return std::nullopt;
    std::vector<std::uint8_t> octets;
    for (std::size_t at = 0; at < text.size(); at += 2) {
        octets.push_back(static_cast<std::uint8_t>(std::stoi(text.substr(at, 2), nullptr, 16)));
    }
    return octets;
}

Error wrong(const std::string& file, std::string position, std::string message) {
    return Error{"subscriber-keys", std::move(message), file, std::move(position), {}};
}

Result<conform::SubscriberKey> read_key(const Json& json, const std::string& position, const std::string& file) {
    if (!json.is_object()) return wrong(file, position, R"(expected an object with "k" and "op" or "opc")");
    conform::SubscriberKey key;
    for (const auto& [name, value] : json.items()) {
        std::vector<std::uint8_t>* member = name == "k" ? &key.k : name == "op" ? &key.op : name == "opc" ? &key.opc : nullptr;
        if (member == nullptr) return wrong(file, position + "/" + name, R"(unknown key; expected "k", "op", "opc")");
        const auto octets = sixteen_octets(value);
        if (!octets) return wrong(file, position + "/" + name, "expected 32 hexadecimal digits (16 octets)");
        *member = *octets;
    }
    if (key.k.empty()) return wrong(file, position, R"(expected "k", 32 hexadecimal digits)");
    if (key.op.empty() == key.opc.empty()) return wrong(file, position, R"(expected exactly one of "op" and "opc")");
    return key;
}

}  // namespace

Result<std::map<std::string, conform::SubscriberKey>> read_subscriber_keys(std::string_view text, const std::string& file) {
    const Json json = Json::parse(text, nullptr, false);
    if (json.is_discarded() || !json.is_object()) return wrong(file, {}, "expected a JSON object of IMPIs and their keys");
    std::map<std::string, conform::SubscriberKey> keys;
    for (const auto& [impi, value] : json.items()) {
        Result<conform::SubscriberKey> key = read_key(value, "/" + impi, file);
        if (!key) return key.error();
        keys.emplace(impi, std::move(key).value());
    }
    return keys;
}

}  // namespace imspect::cli
