#include "traces/bind/names.h"

#include <algorithm>
#include <cctype>

namespace imspect::bind {

namespace {

constexpr std::size_t kMostNames = 4096;

std::string lower(std::string_view text) {
    std::string result(text);
    std::transform(result.begin(), result.end(), result.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return result;
}

std::string_view bare(std::string_view uri) {
    if (const auto open = uri.find('<'); open != std::string_view::npos) uri = uri.substr(open + 1);
    uri = uri.substr(0, uri.find_first_of(">;?"));
    while (!uri.empty() && std::isspace(static_cast<unsigned char>(uri.front()))) uri.remove_prefix(1);
    while (!uri.empty() && std::isspace(static_cast<unsigned char>(uri.back()))) uri.remove_suffix(1);
    return uri;
}

}  // namespace

std::string canonical_impu(std::string_view uri) {
    uri = bare(uri);
    const auto colon = uri.find(':');
    const auto at = uri.rfind('@');
    if (colon == std::string_view::npos) return std::string(uri);
    const std::string scheme = lower(uri.substr(0, colon));
    if (at == std::string_view::npos || at < colon) return scheme + std::string(uri.substr(colon));
    return scheme + std::string(uri.substr(colon, at - colon)) + lower(uri.substr(at));
}

std::string host_of(std::string_view uri) {
    uri = bare(uri);
    const auto colon = uri.find(':');
    const std::string scheme = colon == std::string_view::npos ? "" : lower(uri.substr(0, colon));
    if (scheme == "sip" || scheme == "sips") uri = uri.substr(colon + 1);
    if (const auto at = uri.rfind('@'); at != std::string_view::npos) uri = uri.substr(at + 1);
    if (!uri.empty() && uri.front() == '[') return lower(uri.substr(0, uri.find(']') + 1));
    return lower(uri.substr(0, uri.find(':')));
}

void ScscfNames::learn(std::string_view server_name, std::string_view origin_host, const std::string& address) {
    if (names_.size() >= kMostNames || at_address_.size() >= kMostNames) return;
    const std::string origin = lower(origin_host);
    std::string name = host_of(server_name);
    if (name.empty()) name = origin;
    if (name.empty()) return;
    names_.insert(name);
    if (!origin.empty()) by_origin_.emplace(origin, name);
    at_address_[address].insert(name);
}

std::string ScscfNames::resolve(const std::string& host, const std::string& address) const {
    if (names_.count(host) != 0) return host;
    if (const auto known = by_origin_.find(host); known != by_origin_.end()) return known->second;
    const auto here = at_address_.find(address);
    if (here != at_address_.end() && here->second.size() == 1) return *here->second.begin();
    return host.empty() ? address : host;
}

}  // namespace imspect::bind
