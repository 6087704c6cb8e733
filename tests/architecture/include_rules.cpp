#include "tests/architecture/include_rules.h"

#include <algorithm>
#include <regex>
#include <sstream>

#include <fmt/format.h>

namespace imspect::tests {

namespace {

struct Layer {
    std::string folder;
    std::vector<std::string> may_include;
};

const std::vector<Layer>& layers() {
    static const std::vector<Layer> table = {
        {"model/ir", {"model"}},
        {"model/exec", {"model", "model/ir"}},
        {"model/ims", {"model", "model/ir", "model/exec"}},
        {"model", {}},
        {"properties", {"model", "model/ir", "model/exec", "model/ims"}},
        {"checker", {"model", "model/ir", "model/exec", "model/ims", "properties"}},
        {"traces", {"model", "model/ir", "model/exec", "model/ims", "properties"}},
        {"report", {"model", "model/ir", "model/exec", "model/ims", "properties", "checker", "traces"}},
        {"cli", {"model", "model/ir", "model/exec", "model/ims", "properties", "checker", "traces", "report"}},
    };
    return table;
}

struct Library {
    std::string prefix;
    std::vector<std::string> layers;  ///< "*": any
};

const std::vector<Library>& libraries() {
    static const std::vector<Library> table = {
        {"fmt/", {"*"}},
        {"nlohmann/", {"model/ir", "model/ims", "checker", "report", "cli"}},
        {"boost/", {"checker"}},
        {"z3", {"checker"}},
        {"zlib.h", {"traces"}},
        {"openssl/", {"traces"}},
        {"cadical", {"checker"}},
        {"CLI/", {"cli"}},
        {"sys/", {"*"}},
        {"unistd.h", {"*"}},
        {"fcntl.h", {"traces"}},
        {"arpa/inet.h", {"traces"}},
    };
    return table;
}

bool contains(const std::vector<std::string>& names, const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

bool own_include_allowed(const std::string& from, const std::string& target) {
    const std::string to = layer_of(target);
    if (from == to) return true;
    const auto layer = std::find_if(layers().begin(), layers().end(), [&](const Layer& l) { return l.folder == from; });
    return layer != layers().end() && contains(layer->may_include, to);
}

bool library_include_allowed(const std::string& from, const std::string& target) {
    for (const Library& library : libraries()) {
        if (target.compare(0, library.prefix.size(), library.prefix) != 0) continue;
        return contains(library.layers, "*") || contains(library.layers, from);
    }
    // What is left is the standard library: its headers have neither folder nor extension.
    return target.find_first_of("/.+") == std::string::npos;
}

}  // namespace

std::string layer_of(std::string_view path) {
    std::string best;
    for (const Layer& layer : layers()) {
        const bool inside = path.substr(0, layer.folder.size() + 1) == layer.folder + "/";
        if (inside && layer.folder.size() > best.size()) best = layer.folder;
    }
    return best;
}

std::vector<std::string> forbidden_includes(std::string_view path, std::string_view text) {
    static const std::regex include(R"(^\s*#\s*include\s*(["<])([^">]+)[">].*)");
    const std::string from = layer_of(path);
    std::vector<std::string> complaints;
    std::istringstream lines{std::string(text)};
    std::string line;
    for (int number = 1; std::getline(lines, line); ++number) {
        std::smatch match;
        if (!std::regex_match(line, match, include)) continue;
        const std::string target = match[2];
        const bool allowed =
            match[1] == "\"" ? own_include_allowed(from, target) : library_include_allowed(from, target);
        if (!allowed) complaints.push_back(fmt::format("{}, line {}: {} may not include {}", path, number, from, target));
    }
    return complaints;
}

}  // namespace imspect::tests
