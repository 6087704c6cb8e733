// Runs a fuzz target on every file of some folders: what once crashed is replayed for ever, by any compiler.
// A folder that is missing or empty is a failure, since a replay of nothing would pass on nothing.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

namespace fs = std::filesystem;

/// How many inputs of the folder were run.
std::size_t replay(const fs::path& folder) {
    std::size_t replayed = 0;
    for (const auto& entry : fs::directory_iterator(folder)) {
        if (!entry.is_regular_file()) continue;
        std::ifstream file(entry.path(), std::ios::binary);
        const std::vector<char> bytes{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
        // Said before the run, so that the last line names the input that crashed.
        std::printf("%s\n", entry.path().filename().c_str());
        std::fflush(stdout);
        // An exact copy on the heap lets AddressSanitizer see a read of one byte too many.
        const std::vector<std::uint8_t> input(bytes.begin(), bytes.end());
        LLVMFuzzerTestOneInput(input.data(), input.size());
        ++replayed;
    }
    return replayed;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 2) {
        std::fprintf(stderr, "usage: replay FOLDER...\n");
        return 2;
    }
    for (int i = 1; i < argc; ++i) {
        if (!fs::is_directory(argv[i]) || replay(argv[i]) == 0) {
            std::fprintf(stderr, "%s: expected a folder with inputs\n", argv[i]);
            return 1;
        }
    }
    return 0;
}
