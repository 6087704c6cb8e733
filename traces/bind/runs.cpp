#include "traces/bind/runs.h"

#include <algorithm>

#include "traces/bind/nonce.h"

namespace imspect::bind {

namespace {

constexpr std::size_t kMostKept = 16;
/// A challenge that was sent before the capture may still be answered for this long (TS 24.229, reg-await-auth).
constexpr std::int64_t kMidRunNs = 240'000'000'000;

template <typename T>
void keep_last(std::vector<T>& items) {
    while (items.size() > kMostKept) items.erase(items.begin());
}

Challenge* challenge_of(Run& run, const std::string& av) {
    for (Challenge& challenge : run.challenges) {
        if (challenge.av == av) return &challenge;
    }
    return nullptr;
}

bool earlier_unanswered(const Run& run, std::uint32_t cseq) {
    return std::any_of(run.registers.begin(), run.registers.end(),
                       [&](const auto& earlier) { return earlier->cseq < cseq && !earlier->answered; });
}

}  // namespace

Vector* Runs::vector_of(const std::string& nonce, std::int64_t now) {
    return nonce.empty() ? nullptr : vectors_.find(av_key(nonce), now);
}

void Runs::forget_before(std::int64_t time) {
    runs_.forget_before(time);
    vectors_.forget_before(time);
}

void Runs::delivered(const std::string& impi, const decode::AuthItem& item, std::int64_t now) {
    const std::string av = av_key(std::span<const std::uint8_t>(item.authenticate));
    if (av.empty()) return;
    Vector& vector = vectors_.at(av, now);
    vector.impi = impi;
    vector.item = item;
}

std::shared_ptr<RegisterTransaction> Runs::registered(const RegisterFacts& facts, std::int64_t now) {
    if (!start_) start_ = now;
    const bool run_known = runs_.find(facts.call_id, now) != nullptr;
    Run& run = runs_.at(facts.call_id, now);
    if (run.impi.empty()) run.impi = facts.impi;
    if (run.impu.empty()) run.impu = facts.impu;
    const std::string content = facts.nonce + "|" + facts.response + "|" + facts.auts;
    for (const auto& known : run.registers) {
        if (known->cseq == facts.cseq && known->content == content) return known;
    }
    auto transaction = std::make_shared<RegisterTransaction>();
    transaction->cseq = facts.cseq;
    transaction->content = content;
    transaction->av = av_key(facts.nonce);
    classify(*transaction, facts, run, run_known, now);
    run.registers.push_back(transaction);
    keep_last(run.registers);
    return transaction;
}

void Runs::classify(RegisterTransaction& transaction, const RegisterFacts& facts, Run& run, bool run_known, std::int64_t now) {
    transaction.otherwise = facts.expires_zero ? Kind::kDeregister : Kind::kRegister;
    transaction.kind = transaction.otherwise;
    if (facts.nonce.empty() && facts.auts.empty()) return;
    Challenge* challenge = challenge_of(run, transaction.av);
    bool answer = false;
    if (challenge) {
        answer = answers(*challenge, facts);
    } else {
        answer = answers_unseen(transaction, facts, run, run_known, transaction.tentative, now);
    }
    if (!facts.auts.empty()) {
        transaction.kind = Kind::kSyncFailure;
        transaction.tentative = false;
    } else if (answer && facts.response.empty()) {
        transaction.kind = Kind::kAuthFailure;
        transaction.tentative = false;
    } else if (answer) {
        transaction.kind = Kind::kResponse;
    }
}

bool Runs::answers(Challenge& challenge, const RegisterFacts& facts) {
    if (facts.cseq < challenge.cseq) return false;
    const bool later = challenge.answered && facts.cseq > challenge.answer_cseq;
    if (later && (challenge.closed || facts.response == challenge.response)) return false;
    if (!challenge.answered) {
        challenge.answered = true;
        challenge.answer_cseq = facts.cseq;
        challenge.response = facts.response;
    }
    return true;
}

bool Runs::answers_unseen(const RegisterTransaction& transaction, const RegisterFacts& facts, Run& run, bool run_known,
                          bool& tentative, std::int64_t now) {
    if (Vector* vector = vectors_.find(transaction.av, now)) {
        if (!vector->challenged_in.empty()) return false;  // open, if at all, in another run
        const bool here = vector->answered_in.empty() || vector->answered_in == facts.call_id;
        if (!here || !answers(vector->unseen, facts)) return false;
        vector->answered_in = facts.call_id;
        return true;
    }
    if (earlier_unanswered(run, facts.cseq)) return true;
    tentative = !run_known && now - *start_ <= kMidRunNs;
    return tentative;
}

void Runs::answered(const std::string& call_id, std::uint32_t cseq, const std::string& nonce, std::int64_t now) {
    if (!start_) start_ = now;
    Run& run = runs_.at(call_id, now);
    for (const auto& transaction : run.registers) {
        if (transaction->cseq != cseq) continue;
        transaction->answered = true;
        if (transaction->tentative && !nonce.empty()) transaction->kind = transaction->otherwise;
        transaction->tentative = false;
        if (Challenge* challenge = challenge_of(run, transaction->av)) challenge->closed = challenge->answered;
        if (Vector* vector = vectors_.find(transaction->av, now)) vector->unseen.closed = vector->unseen.answered;
    }
    if (nonce.empty()) return;
    const std::string av = av_key(nonce);
    Vector& vector = vectors_.at(av, now);
    vector.nonce = nonce;
    vector.challenged_in.insert(call_id);
    if (vector.challenged_in.size() > kMostKept) vector.challenged_in.erase(vector.challenged_in.begin());
    if (vector.impi.empty()) vector.impi = run.impi;
    Challenge* known = challenge_of(run, av);
    if (known && cseq <= known->cseq) return;  // the same challenge on its next hop, or again
    if (known) {
        *known = {av, cseq, 0, {}, false, false};
        return;
    }
    run.challenges.push_back({av, cseq, 0, {}, false, false});
    keep_last(run.challenges);
}

}  // namespace imspect::bind
