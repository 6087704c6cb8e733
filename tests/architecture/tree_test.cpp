// The tree as it lies on the disk, against the rules that keep it readable.
#include <filesystem>
#include <fstream>
#include <sstream>

#include <catch2/catch.hpp>

#include "tests/architecture/include_rules.h"

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLineLimit = 400;

/// Files that may be longer than kLineLimit, each with what it may not exceed and why it is one file.
struct LongFile {
    std::string path;
    std::size_t limit;
    std::string why;
};
const std::vector<LongFile> kLongFiles = {
    {"model/ir/expression_text.cpp", 440, "one elaborator: every kind of term beside the others that it must agree with in types"},
    {"model/ims/pcscf.cpp", 420, "one node: what it does with every message, beside the checks they share"},
};

struct Source {
    std::string path;  ///< from the repository's root
    std::string text;
};

std::string read(const fs::path& path) {
    std::ostringstream text;
    text << std::ifstream(path, std::ios::binary).rdbuf();
    return text.str();
}

bool is_source(const fs::path& path) { return path.extension() == ".h" || path.extension() == ".cpp"; }

std::vector<std::string> top_folders() {
    std::vector<std::string> folders;
    for (const auto& entry : fs::directory_iterator(IMSPECT_SOURCE_DIR)) {
        const std::string name = entry.path().filename().string();
        if (entry.is_directory() && name[0] != '.' && name.rfind("build", 0) != 0 && name != "out") folders.push_back(name);
    }
    return folders;
}

/// The sources of the program: every folder at the top but tests and bench.
std::vector<Source> program_sources() {
    std::vector<Source> sources;
    for (const std::string& folder : top_folders()) {
        if (folder == "tests" || folder == "bench") continue;
        for (const auto& entry : fs::recursive_directory_iterator(fs::path(IMSPECT_SOURCE_DIR) / folder)) {
            if (!entry.is_regular_file() || !is_source(entry.path())) continue;
            sources.push_back({fs::relative(entry.path(), IMSPECT_SOURCE_DIR).generic_string(), read(entry.path())});
        }
    }
    REQUIRE(sources.size() > 20);
    return sources;
}

std::size_t lines_of(const std::string& text) {
    return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

}  // namespace

TEST_CASE("Every source of the program lies in a layer that the include rules know") {
    for (const Source& source : program_sources()) {
        INFO(source.path);
        CHECK_FALSE(imspect::tests::layer_of(source.path).empty());
    }
}

TEST_CASE("Includes point down only") {
    for (const Source& source : program_sources()) {
        for (const std::string& complaint : imspect::tests::forbidden_includes(source.path, source.text)) {
            FAIL_CHECK(complaint);
        }
    }
}

TEST_CASE("Only what reads or writes JSON knows the JSON library in model and checker") {
    for (const Source& source : program_sources()) {
        const std::string layer = imspect::tests::layer_of(source.path);
        if (layer == "report" || layer == "cli" || source.text.find("<nlohmann/") == std::string::npos) continue;
        INFO(source.path << " includes nlohmann: expected 'json' or 'scenario' in the file's name");
        const std::string name = fs::path(source.path).filename().string();
        CHECK((name.find("json") != std::string::npos || name.find("scenario") != std::string::npos));
    }
}

TEST_CASE("Every header opens with what it is for") {
    for (const Source& source : program_sources()) {
        if (fs::path(source.path).extension() != ".h") continue;
        INFO(source.path << ": expected a comment on the first line, then #pragma once");
        CHECK(source.text.rfind("// ", 0) == 0);
        CHECK(source.text.find("\n#pragma once\n") != std::string::npos);
    }
}

TEST_CASE("No file of the program grows beyond what a reader holds in mind") {
    for (const Source& source : program_sources()) {
        std::size_t limit = kLineLimit;
        for (const LongFile& file : kLongFiles) {
            if (file.path == source.path) limit = file.limit;
        }
        INFO(source.path << ": split it along its ideas, or name it in kLongFiles and say why it is one");
        CHECK(lines_of(source.text) <= limit);
    }
}

TEST_CASE("Every exception to the length of files is still needed") {
    const auto sources = program_sources();
    for (const LongFile& file : kLongFiles) {
        INFO(file.path << " (" << file.why << ")");
        const auto found = std::find_if(sources.begin(), sources.end(), [&](const Source& s) { return s.path == file.path; });
        REQUIRE(found != sources.end());
        CHECK(lines_of(found->text) > kLineLimit);
    }
}

TEST_CASE("No folder is named after nothing in particular") {
    const std::set<std::string> vague = {"util", "utils", "common", "misc", "helper", "helpers", "lib", "core"};
    for (const std::string& top : top_folders()) {
        CHECK(vague.count(top) == 0);
        for (const auto& entry : fs::recursive_directory_iterator(fs::path(IMSPECT_SOURCE_DIR) / top)) {
            if (!entry.is_directory()) continue;
            INFO(entry.path());
            CHECK(vague.count(entry.path().filename().string()) == 0);
        }
    }
}
