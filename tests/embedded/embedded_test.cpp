// What the binary carries is what lies in the tree: cmake/embed.cmake must neither lose a file nor change a byte.
#include "model/embedded.h"

#include <filesystem>
#include <fstream>
#include <sstream>

#include <catch2/catch.hpp>

namespace {

namespace fs = std::filesystem;
using imspect::embedded::File;

std::map<std::string, std::string> texts_on_disk(const std::string& folder, const std::string& extension) {
    std::map<std::string, std::string> texts;
    for (const auto& entry : fs::directory_iterator(fs::path(IMSPECT_SOURCE_DIR) / folder)) {
        if (entry.path().extension() != extension) continue;
        std::ostringstream text;
        text << std::ifstream(entry.path(), std::ios::binary).rdbuf();
        texts[entry.path().stem().string()] = text.str();
    }
    return texts;
}

std::map<std::string, std::string> by_name(const std::vector<File>& files) {
    std::map<std::string, std::string> texts;
    for (const File& file : files) texts[file.name] = file.text;
    REQUIRE(texts.size() == files.size());
    return texts;
}

void require_same(const std::vector<File>& files, const std::string& folder, const std::string& extension) {
    const auto expected = texts_on_disk(folder, extension);
    REQUIRE_FALSE(expected.empty());
    const auto embedded = by_name(files);
    REQUIRE(embedded.size() == expected.size());
    for (const auto& [name, text] : expected) {
        INFO(folder << "/" << name << extension);
        REQUIRE(embedded.count(name) == 1);
        CHECK(embedded.at(name) == text);
    }
}

}  // namespace

TEST_CASE("Every shipped scenario is in the binary byte for byte") {
    require_same(imspect::embedded::scenarios(), "model/ims/scenarios", ".json");
}

TEST_CASE("Every example model is in the binary byte for byte") {
    require_same(imspect::embedded::models(), "model/ir/examples", ".json");
}

TEST_CASE("Every file of the catalogue of properties is in the binary byte for byte") {
    require_same(imspect::embedded::catalogue(), "properties/catalogue", ".props");
}
