#include "traces/capture/inflater.h"

#include <algorithm>
#include <zlib.h>

namespace imspect::capture {

namespace {

constexpr std::size_t kInputBlock = 1 << 18;
constexpr int kGzipOrZlib = 15 + 32;

}  // namespace

struct Inflater::Stream {
    z_stream z{};
    bool ready = false;
};

Inflater::Inflater(Bytes first) : stream_(std::make_unique<Stream>()), input_(first.begin(), first.end()) {
    stream_->z.next_in = input_.data();
    stream_->z.avail_in = static_cast<uInt>(input_.size());
    stream_->ready = inflateInit2(&stream_->z, kGzipOrZlib) == Z_OK;
    in_member_ = true;
    if (!stream_->ready) trouble_ = "zlib gave no memory";
}

Inflater::~Inflater() {
    if (stream_->ready) inflateEnd(&stream_->z);
}

bool Inflater::refill(const Raw& raw) {
    input_.resize(kInputBlock);
    const std::size_t got = raw(input_);
    stream_->z.next_in = input_.data();
    stream_->z.avail_in = static_cast<uInt>(got);
    return got > 0;
}

std::size_t Inflater::read(std::span<std::uint8_t> room, const Raw& raw) {
    if (!trouble_.empty()) return 0;
    z_stream& z = stream_->z;
    z.next_out = room.data();
    z.avail_out = static_cast<uInt>(std::min<std::size_t>(room.size(), kInputBlock * 4));
    const uInt offered = z.avail_out;
    while (z.avail_out == offered) {
        if (z.avail_in == 0 && !refill(raw)) {
            if (in_member_) trouble_ = "truncated gzip data";
            break;
        }
        if (!in_member_) {
            inflateReset(&z);
            in_member_ = true;
        }
        const int status = inflate(&z, Z_NO_FLUSH);
        if (status == Z_STREAM_END) {
            in_member_ = false;
        } else if (status != Z_OK && status != Z_BUF_ERROR) {
            trouble_ = "damaged gzip data";
            break;
        }
    }
    return offered - z.avail_out;
}

}  // namespace imspect::capture
