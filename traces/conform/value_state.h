// What the checks on values remember of a subscriber: vectors delivered and challenged, runs and their REGISTERs, SPIs.
//
// Everything is bounded per subscriber; the stalest goes first. Thread-safety: values.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "traces/bind/event.h"
#include "traces/conform/auditor.h"

namespace imspect::conform {

using Frames = std::vector<capture::FrameRef>;

/// A REGISTER over all its hops, and what became of it.
struct ValueLeg {
    bind::Kind kind = bind::Kind::kRegister;
    std::uint32_t cseq = 0;
    std::string scscf;                 ///< that it reached
    std::string av, response, auts;    ///< av: octets of RAND || AUTN that it answers
    std::optional<bool> response_right, setup_intact;
    Frames frames;                     ///< of its hops, from the UE on
    Frames gm_frames;
    std::uint64_t order = 0;
    std::int64_t time_ns = 0;
    std::set<std::string> transactions;  ///< of its hops
    bool expires_zero = false, forwarded = false, put_sent = false, judged = false;
};

struct ValueRun {
    std::string call_id;
    std::uint64_t number = 0;          ///< a Call-ID serves one run after the other
    std::vector<ValueLeg> legs;
    std::string challenge;             ///< octets of RAND || AUTN of the last one
    std::uint32_t challenge_cseq = 0;
    std::string challenger;            ///< the S-CSCF that sent it
    std::int64_t challenge_ns = 0;
    bool challenges_overlap = false;   ///< one REGISTER was challenged with two vectors: a retransmission was taken for a new one
    std::set<std::string> ue_spis, pcscf_spis;
};

struct DeliveredVector {
    std::string av;
    decode::AuthItem item;
    Frames frames;
};

struct ChallengedVector {
    std::string av, call_id;
    std::uint32_t cseq = 0;
    Frames frames;
};

struct ValueSubscriber {
    std::string impi, impu;
    std::vector<DeliveredVector> delivered;
    std::vector<ChallengedVector> challenged;
    std::vector<ValueRun> runs;         ///< by Call-ID
    std::uint64_t mars_open = 0, last_mar = 0, last_maa = 0;  ///< last ones: order of the event, counted from 1
    std::set<std::string> live_ue_spis, live_pcscf_spis;      ///< of the latest success
    std::optional<std::string> resync; ///< RAND || AUTS of a MAR that waits for its MAA
    std::map<std::string, Finding> open;  ///< may get further frames; by kind and run
    std::optional<std::uint64_t> last_sqn;
};

}  // namespace imspect::conform
