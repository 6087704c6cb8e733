// gzip data, block by block, through zlib.
//
// Several members in a row count as one stream, as gzip itself has it; bytes after the last member that start none are
// trouble. The output is bounded by the room given, whatever the data expands to. Thread-safety: one thread.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "traces/capture/bytes.h"

namespace imspect::capture {

class Inflater {
public:
    using Raw = std::function<std::size_t(std::span<std::uint8_t>)>;

    /// `first`: compressed bytes that have been read already.
    explicit Inflater(Bytes first);
    ~Inflater();
    /// Fills the front of `room`; 0: the end, or trouble().
    std::size_t read(std::span<std::uint8_t> room, const Raw& raw);
    [[nodiscard]] const std::string& trouble() const { return trouble_; }

private:
    struct Stream;
    bool refill(const Raw& raw);

    std::unique_ptr<Stream> stream_;
    std::vector<std::uint8_t> input_;
    bool in_member_ = false;
    std::string trouble_;
};

}  // namespace imspect::capture
