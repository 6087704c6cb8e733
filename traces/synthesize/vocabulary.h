// Where the model of TS 33.203 keeps what a capture shows: its channels, the fields of their messages, and the few
// variables that the wire needs besides.
//
// `vocabulary_of` finds them by name in a ground system, so a model that was exported and read again is as good as a
// shipped scenario; another model is refused with an Error that says what is missing. Thread-safety: values; building one
// may extend the system's pool of expressions.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/ir/ground.h"
#include "model/result.h"

namespace imspect::synthesize {

/// The channels of the model. Up: UE to S-CSCF; down: back; Cx: I-CSCF and HSS, S-CSCF and HSS.
enum class Hop : std::uint8_t { kGmUp, kMwPi, kMwIs, kMwSi, kMwIp, kGmDown, kCxIh, kCxHi, kCxSh, kCxHs };
constexpr std::size_t kHops = 10;
[[nodiscard]] const char* name_of(Hop hop);  ///< the model's name: "gm_up", "mw_pi", ...
[[nodiscard]] constexpr bool is_cx(Hop hop) { return hop >= Hop::kCxIh; }
[[nodiscard]] constexpr bool goes_up(Hop hop) { return hop <= Hop::kMwIs; }

struct Vocabulary {
    std::array<ir::ChannelId, kHops> channels{};
    std::array<std::map<std::string, std::size_t>, kHops> fields;  ///< position of a field in a hop's messages
    ir::VarId ue_state = 0, ue_sqn_ms = 0, pcscf_state = 0, scscf_state = 0, scscf_impu = 0, icscf_querying = 0, hss_name = 0;
    std::vector<std::string> ues, impus, scscfs;
    std::vector<std::vector<std::size_t>> implicit_sets;  ///< by IMPU: those that share its registration, itself among them
    std::uint32_t avs = 1;                                ///< m: AVs asked for in a CM1

    [[nodiscard]] std::optional<Hop> hop_of(ir::ChannelId channel) const;
};

[[nodiscard]] Result<Vocabulary> vocabulary_of(const ir::GroundSystem& ground);

}  // namespace imspect::synthesize
