// Runs a fuzz target on every file of a folder: what once crashed is replayed for ever, by any compiler.
// A folder that is missing or empty is a failure, since a replay of nothing would pass on nothing.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

int main(int argc, char** argv) {
    namespace fs = std::filesystem;
    if (argc != 2 || !fs::is_directory(argv[1])) {
        std::fprintf(stderr, "usage: replay FOLDER, a folder that exists\n");
        return 2;
    }
    std::size_t replayed = 0;
    for (const auto& entry : fs::directory_iterator(argv[1])) {
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
    std::printf("%zu inputs replayed\n", replayed);
    return replayed > 0 ? 0 : 1;
}
