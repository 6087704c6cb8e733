// GTP-U: the user's packet in a G-PDU.
//
// 3GPP TS 29.281 5: version 1, protocol type GTP, message type 255; optional fields and extension headers are stepped over.
// Cost: constant. Thread-safety: pure.
#pragma once

#include <optional>

#include "traces/capture/account.h"
#include "traces/capture/bytes.h"

namespace imspect::capture {

constexpr std::uint16_t kGtpUserPort = 2152;

struct GtpContent {
    bool user_packet = false;  ///< else signalling (echo, error indication), with nothing for us
    bool damaged = false;
    Bytes payload;
};

/// Empty: no GTP version 1 at all.
std::optional<GtpContent> open_gtp(Bytes bytes);

}  // namespace imspect::capture
