#include "traces/capture/source.h"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

#include "traces/capture/inflater.h"

namespace imspect::capture {

namespace {

constexpr std::size_t kBlock = 1 << 20;
constexpr std::size_t kLeastBlock = 1 << 12;

class FileInput : public RawInput {
public:
    FileInput(int descriptor, std::uint64_t total) : descriptor_(descriptor), total_(total) {}
    FileInput(const FileInput&) = delete;
    FileInput& operator=(const FileInput&) = delete;
    ~FileInput() override {
        if (descriptor_ != STDIN_FILENO) ::close(descriptor_);
    }
    std::size_t read(std::span<std::uint8_t> room) override {
        for (;;) {
            const ssize_t got = ::read(descriptor_, room.data(), room.size());
            if (got >= 0) return static_cast<std::size_t>(got);
            if (errno == EINTR) continue;
            failed_ = errno;
            return 0;
        }
    }
    [[nodiscard]] std::uint64_t total() const override { return total_; }
    [[nodiscard]] int failed() const override { return failed_; }

private:
    int descriptor_;
    std::uint64_t total_;
    int failed_ = 0;
};

class MemoryInput : public RawInput {
public:
    explicit MemoryInput(Bytes bytes) : bytes_(bytes), total_(bytes.size()) {}
    std::size_t read(std::span<std::uint8_t> room) override {
        const std::size_t size = std::min(room.size(), bytes_.size());
        std::copy_n(bytes_.begin(), size, room.begin());
        bytes_ = bytes_.subspan(size);
        return size;
    }
    [[nodiscard]] std::uint64_t total() const override { return total_; }

private:
    Bytes bytes_;
    std::uint64_t total_;
};

Error cannot_open(const std::string& file, const std::string& why) {
    return Error{"cannot-open", "cannot be read: " + why, file, "", ""};
}

}  // namespace

Source::Source(std::unique_ptr<RawInput> input) : input_(std::move(input)) {
    const std::uint64_t total = input_->total();
    block_ = total == 0 ? kBlock : static_cast<std::size_t>(std::clamp<std::uint64_t>(total, kLeastBlock, kBlock));
    detect_gzip();
}

Source::~Source() = default;

Result<std::unique_ptr<Source>> Source::open(const std::string& file) {
    if (file == "-") return std::unique_ptr<Source>(new Source(std::make_unique<FileInput>(STDIN_FILENO, 0)));
    const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) return cannot_open(file, std::generic_category().message(errno));
    struct stat about {};
    const bool known = ::fstat(descriptor, &about) == 0;
    if (known && S_ISDIR(about.st_mode)) {
        ::close(descriptor);
        return cannot_open(file, "it is a directory");
    }
    const std::uint64_t total = known && S_ISREG(about.st_mode) ? static_cast<std::uint64_t>(about.st_size) : 0;
    return std::unique_ptr<Source>(new Source(std::make_unique<FileInput>(descriptor, total)));
}

std::unique_ptr<Source> Source::memory(Bytes bytes) {
    return std::unique_ptr<Source>(new Source(std::make_unique<MemoryInput>(bytes)));
}

void Source::detect_gzip() {
    const Bytes magic = want(2);
    if (magic.size() < 2 || magic[0] != 0x1f || magic[1] != 0x8b) return;
    inflater_ = std::make_unique<Inflater>(magic);
    begin_ = end_ = 0;
    at_end_ = false;
}

Bytes Source::want(std::size_t size) {
    if (end_ - begin_ < size) fill(size);
    return Bytes(buffer_).subspan(begin_, end_ - begin_);
}

std::uint64_t Source::skip(std::uint64_t size) {
    std::uint64_t done = 0;
    while (done < size) {
        if (begin_ == end_) fill(1);
        if (begin_ == end_) break;
        const std::uint64_t step = std::min<std::uint64_t>(size - done, end_ - begin_);
        begin_ += static_cast<std::size_t>(step);
        done += step;
    }
    position_ += done;
    return done;
}

std::size_t Source::read_raw(std::span<std::uint8_t> room) {
    const std::size_t got = input_->read(room);
    raw_read_ += got;
    if (got == 0 && input_->failed() != 0 && trouble_.empty()) {
        trouble_ = "cannot be read further: " + std::generic_category().message(input_->failed());
    }
    return got;
}

void Source::fill(std::size_t size) {
    if (at_end_) return;
    if (begin_ > 0) {
        std::copy(buffer_.begin() + static_cast<std::ptrdiff_t>(begin_), buffer_.begin() + static_cast<std::ptrdiff_t>(end_),
                  buffer_.begin());
        end_ -= begin_;
        begin_ = 0;
    }
    // The room grows with what comes, not with what was asked for, since a damaged header may ask for much.
    while (end_ < size && !at_end_) {
        if (buffer_.size() < end_ + kLeastBlock) buffer_.resize(std::max(block_ + kLeastBlock, end_ * 2));
        const std::span<std::uint8_t> room = std::span(buffer_).subspan(end_);
        const std::size_t got = inflater_ ? inflater_->read(room, [this](std::span<std::uint8_t> in) { return read_raw(in); })
                                          : read_raw(room);
        if (inflater_ && trouble_.empty()) trouble_ = inflater_->trouble();
        if (got == 0) at_end_ = true;
        end_ += got;
    }
}

}  // namespace imspect::capture
