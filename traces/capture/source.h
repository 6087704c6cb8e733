// Bytes of a file, of standard input or of memory, plain or gzip, as a window that moves forward.
//
// want(n) shows at least n bytes unless the input ends before; what it shows is valid until the next call. The window holds what
// was asked for and one block more, so memory is bounded by the largest want(). gzip is recognised by its first bytes;
// several members in a row are one stream. Damage of the gzip data ends the stream and is told by trouble().
// Cost: one copy of a file's bytes, none of memory's. Thread-safety: one thread.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "model/result.h"
#include "traces/capture/bytes.h"

namespace imspect::capture {

/// Where raw bytes come from.
class RawInput {
public:
    virtual ~RawInput() = default;
    /// Fills the front of `room`; 0: the end.
    virtual std::size_t read(std::span<std::uint8_t> room) = 0;
    [[nodiscard]] virtual std::uint64_t total() const = 0;  ///< 0: not known
    /// errno of the read that failed, else 0.
    [[nodiscard]] virtual int failed() const { return 0; }
};

class Inflater;

class Source {
public:
    /// "-" is standard input.
    static Result<std::unique_ptr<Source>> open(const std::string& file);
    /// `bytes` must outlive the source.
    static std::unique_ptr<Source> memory(Bytes bytes);
    ~Source();

    Bytes want(std::size_t size);
    /// Moves on, over bytes that want() need not have shown. Returns how many there were.
    std::uint64_t skip(std::uint64_t size);
    [[nodiscard]] std::uint64_t position() const { return position_; }  ///< after inflation
    [[nodiscard]] std::uint64_t raw_position() const { return raw_read_; }
    [[nodiscard]] std::uint64_t raw_total() const { return input_->total(); }
    /// Empty, or why the bytes end before their time.
    [[nodiscard]] const std::string& trouble() const { return trouble_; }

private:
    explicit Source(std::unique_ptr<RawInput> input);
    void detect_gzip();
    void fill(std::size_t size);
    std::size_t read_raw(std::span<std::uint8_t> room);

    std::unique_ptr<RawInput> input_;
    std::unique_ptr<Inflater> inflater_;  ///< null: plain
    std::vector<std::uint8_t> buffer_;
    std::size_t block_ = 0;               ///< read at once
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
    std::uint64_t position_ = 0;
    std::uint64_t raw_read_ = 0;
    bool at_end_ = false;
    std::string trouble_;
};

}  // namespace imspect::capture
