// The runs of authentication, by Call-ID: which challenges are open, and what a REGISTER therefore is.
//
// A REGISTER is classified once, by the first of its hops that was captured; the other hops share the result through its
// RegisterTransaction. A response answers a challenge only while that is open in its run: a protected re-registration
// repeats an old nonce and response. What can't be told yet (a capture that starts in mid-run) is `tentative` until the
// final answer, or until the event leaves.
// Cost: constant a message (a run keeps its last kMostKept challenges and REGISTERs). Thread-safety: one thread.
#pragma once

#include <memory>
#include <optional>
#include <set>
#include <vector>

#include "traces/bind/event.h"
#include "traces/bind/expiring_map.h"

namespace imspect::bind {

/// One REGISTER with one content, on whatever hops.
struct RegisterTransaction {
    Kind kind = Kind::kRegister;
    Kind otherwise = Kind::kRegister;  ///< what it is if a tentative answer proves to be none
    bool tentative = false;
    bool answered = false;             ///< a final answer was captured
    std::uint32_t cseq = 0;
    std::string content, av;
};

struct Challenge {
    std::string av;
    std::uint32_t cseq = 0;            ///< of the REGISTER that was challenged
    std::uint32_t answer_cseq = 0;     ///< of the first REGISTER that answered
    std::string response;
    bool answered = false, closed = false;
};

struct Run {
    std::string impi, impu;
    std::string scscf;                 ///< host in the Request-URI on the last hop
    std::vector<Challenge> challenges;
    std::vector<std::shared_ptr<RegisterTransaction>> registers;
    std::set<std::pair<int, std::uint32_t>> seen;           ///< hop and CSeq
    std::vector<decode::SecurityMechanism> security_client; ///< of SM1
    std::vector<std::pair<std::string, std::vector<decode::SecurityMechanism>>> security_servers;  ///< of SM6, by vector
};

/// A vector as the capture knows it: from an MAA, a challenge, or both.
struct Vector {
    std::string impi, nonce;           ///< nonce as a challenge spelled it
    std::optional<decode::AuthItem> item;
    std::set<std::string> challenged_in;  ///< Call-IDs
    Challenge unseen;                  ///< the challenge that the MAA lets us expect, where no hop of it was captured
    std::string answered_in;
};

/// What classification reads of a REGISTER.
struct RegisterFacts {
    std::string call_id, impi, impu, nonce, response, auts;
    std::uint32_t cseq = 0;
    bool expires_zero = false;
};

class Runs {
public:
    std::shared_ptr<RegisterTransaction> registered(const RegisterFacts& facts, std::int64_t now);
    /// A final answer to the REGISTER `cseq` of `call_id`; `nonce` is not empty where it challenges.
    void answered(const std::string& call_id, std::uint32_t cseq, const std::string& nonce, std::int64_t now);
    /// A vector that an MAA brought.
    void delivered(const std::string& impi, const decode::AuthItem& item, std::int64_t now);

    Run& run(const std::string& call_id, std::int64_t now) { return runs_.at(call_id, now); }
    Run* find(const std::string& call_id, std::int64_t now) { return runs_.find(call_id, now); }
    Vector* vector_of(const std::string& nonce, std::int64_t now);
    void forget_before(std::int64_t time);

private:
    void classify(RegisterTransaction& transaction, const RegisterFacts& facts, Run& run, bool run_known, std::int64_t now);
    static bool answers(Challenge& challenge, const RegisterFacts& facts);
    bool answers_unseen(const RegisterTransaction& transaction, const RegisterFacts& facts, Run& run, bool run_known,
                        bool& tentative, std::int64_t now);

    std::optional<std::int64_t> start_;
    ExpiringMap<Run> runs_{200'000};
    ExpiringMap<Vector> vectors_{200'000};
};

}  // namespace imspect::bind
