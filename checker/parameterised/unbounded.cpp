#include "checker/parameterised/unbounded.h"

#include <algorithm>
#include <chrono>
#include <optional>

#include <fmt/format.h>

#include "checker/explicit/resident.h"
#include "checker/parameterised/attempt.h"
#include "checker/parameterised/view_certificate.h"

namespace imspect::parameterised {

namespace {

using Names = std::vector<std::string>;
using Clock = std::chrono::steady_clock;

constexpr std::uint64_t kMostViews = 5'000'000;
constexpr std::uint32_t kMessages = 2;  ///< of one UE in one channel, where one at a time was met as a bound

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

const Names kAllNodes = {"UE", "P-CSCF", "I-CSCF", "S-CSCF", "HSS"};
const Names kCore = {"S-CSCF", "HSS"};

/// Smaller ones first, but all five before the two at the access, which get from the rest whatever a rule can read. Tried are those with a node that the property speaks of.
const std::vector<Names>& node_sets() {
    static const std::vector<Names> sets = {{},         {"P-CSCF"}, {"I-CSCF"}, {"S-CSCF"}, {"HSS"},
                                            {"UE"},     kCore, kAllNodes, {"UE", "P-CSCF"}};
    return sets;
}

bool meet(const Names& some, const Names& others) {
    return std::any_of(some.begin(), some.end(), [&](const std::string& name) { return std::find(others.begin(), others.end(), name) != others.end(); });
}

/// No tokens, each kind alone, all.
std::vector<Names> token_sets(const Names& domains) {
    std::vector<Names> sets = {{}};
    for (const std::string& domain : domains) sets.push_back({domain});
    if (domains.size() > 1) sets.push_back(domains);
    return sets;
}

class Prover {
public:
    Prover(const ims::Scenario& scenario, const UnboundedOptions& options)
        : options_(options), one_(scenario, 1), many_(scenario, kMessages), tokens_(token_sets(one_.token_domains())) {}

    outcome::PropertyOutcome prove(const language::Property& property) {
        search_proof(property);
        if (options_.write_certificates && outcome_.verdict == outcome::Verdict::kHolds) certify_proof();
        return outcome_;
    }
    [[nodiscard]] std::vector<symbolic::WrittenCertificate>& certificates() { return certificates_; }
    [[nodiscard]] std::uint64_t peak_bytes() const { return std::max(certified_peak_bytes_, explore::peak_resident_bytes()); }

private:
    void search_proof(const language::Property& property) {
        outcome_ = {};
        outcome_.id = property.id;
        outcome_.meaning = property.meaning;
        outcome_.clauses = property.clauses;
        outcome_.modality = property.modality;
        outcome_.engine = "views";
        best_ = {};
        proof_.reset();
        start_ = Clock::now();
        if (property.kind != language::BodyKind::kAlways) {
            outcome_.reason = property.kind == language::BodyKind::kLeadsTo ? "views prove what always holds; leads-to is left open"
                                                                             : "views prove what always holds";
            return;
        }
        one_.take_up(property);
        many_.take_up(property);
        const Names spoken_of = one_.nodes();
        for (const std::uint32_t seen : {1U, 2U}) {
            for (const Names& nodes : node_sets()) {
                if (!nodes.empty() && !meet(nodes, spoken_of)) continue;
                if (seen == 2 && nodes.size() != 2) continue;  // a single node shares nothing that one UE does not show
                if (try_nodes(nodes, seen, false)) return;
            }
            if (seen == 1 && meet(kCore, spoken_of) && try_narrowed(1, false)) return;
        }
        if (!meet(kCore, spoken_of) || try_nodes(kCore, 2, true) || try_narrowed(2, false) || try_narrowed(2, true)) return;
        outcome_.reason = best_.why.empty() ? "no attempt fits" : best_.why;
    }

    Certified certified(const ViewProof& proof, const std::string& of) {
        Certified result = certify(proof, of, {options_.seconds, options_.memory_bytes, options_.interrupt, options_.processes});
        certified_peak_bytes_ = std::max(certified_peak_bytes_, result.peak_bytes);
        return result;
    }

    void certify_proof() {
        const bool narrowed = proof_->known.whole_views > 0;
        if (narrowed && !certify_whole()) return;
        const Certified mine = certified(*proof_, outcome_.id);
        if (!mine.failure.empty()) return disbelieve(mine.failure);
        outcome_.certificate += mine.missing.empty() ? fmt::format(" ({})", mine.summary) : fmt::format(" (NO CERTIFICATE: {})", mine.missing);
        if (narrowed) outcome_.certificate += whole_->missing.empty() ? fmt::format(" (views of all nodes: {})", whole_->summary)
                                                                      : fmt::format(" (views of all nodes: NO CERTIFICATE: {})", whole_->missing);
        certificates_.push_back({outcome_.id, mine.text, mine.missing});
    }

    /// Once for all proofs that rest on them. False: they are not closed under steps, so no such proof is to be believed.
    bool certify_whole() {
        if (!whole_) {
            const std::string of = "What one UE looks like in the whole system";
            whole_ = certified(many_.whole(kCore, {}).value().proof, of);
            if (whole_->failure.empty()) certificates_.push_back({of, whole_->text, whole_->missing});
        }
        if (!whole_->failure.empty()) disbelieve(whole_->failure);
        return whole_->failure.empty();
    }

    void disbelieve(const std::string& why) {
        outcome_.verdict = outcome::Verdict::kUnknown;
        outcome_.certificate.clear();
        outcome_.bounds_reached.clear();
        outcome_.reason = why;
    }

    bool try_nodes(const Names& nodes, std::uint32_t seen, bool split) {
        for (const Names& tokens : tokens_) {
            if (nodes.empty() && !tokens.empty()) continue;
            if (nodes == kAllNodes && tokens != tokens_.back()) continue;  // with few of them it is as if nodes were left out
            if (out_of_time()) return false;
            const Kept kept{nodes, tokens, seen, split, false};
            const std::optional<AttemptAnswer> answer = one_.attempt(kept, {1, kMostViews, seconds_left(), options_.interrupt});
            if (!answer) continue;
            if (answer->kind == AttemptAnswer::Kind::kProved) {
                proved(kept, *answer);
                if (!answer->views.bounds_reached.empty() && !(nodes == kCore && prove_narrowed(kept))) prove_with_more_messages(kept);
                return true;
            }
            const std::string where = nodes.empty() ? "with no node kept" : fmt::format("with {} kept", fmt::join(nodes, " and "));
            note(answer->kind, fmt::format("{}, {}", where, answer->why));
        }
        return false;
    }

    [[nodiscard]] double seconds_left() const { return options_.seconds - seconds_since(start_); }

    bool out_of_time() {
        const bool interrupted = options_.interrupt != nullptr && options_.interrupt->load();
        const bool late = seconds_left() <= 0;
        if (late || interrupted) note(AttemptAnswer::Kind::kLimit, late ? fmt::format("time limit {} s", options_.seconds) : "interrupted");
        return late || interrupted;
    }

    /// S-CSCF and HSS alone let the others do what they never do; views of the whole system say what one UE then never looks like.
    bool try_narrowed(std::uint32_t seen, bool split) {
        for (const Names& tokens : tokens_) {
            if (out_of_time()) return false;
            if (prove_narrowed({kCore, tokens, seen, split, false})) return true;
        }
        return false;
    }

    bool prove_narrowed(Kept kept) {
        kept.narrowed = true;
        if (out_of_time()) return false;
        if (!many_.whole(kCore, {kMessages, kMostViews, seconds_left() / 2, options_.interrupt}) || out_of_time()) return false;
        const std::optional<AttemptAnswer> answer = many_.attempt(kept, {kMessages, kMostViews, seconds_left(), options_.interrupt});
        if (!answer) return false;
        if (answer->kind != AttemptAnswer::Kind::kProved) {
            note(answer->kind, fmt::format("with S-CSCF and HSS kept and each UE as in the whole system, {}", answer->why));
            return false;
        }
        if (!answer->views.bounds_reached.empty()) return false;
        proved(kept, *answer);
        return true;
    }

    /// One message of a UE at a time was a bound: perhaps more are none, and if they are, more is proved.
    void prove_with_more_messages(const Kept& kept) {
        if (seconds_left() <= 0) return;
        const std::optional<AttemptAnswer> answer = many_.attempt(kept, {kMessages, kMostViews, seconds_left(), options_.interrupt});
        if (answer && answer->kind == AttemptAnswer::Kind::kProved) proved(kept, *answer);
        if (answer && answer->kind == AttemptAnswer::Kind::kBroken) {
            disbelieve(fmt::format("with one message of a UE in a channel at a time it holds; with more, {}", answer->why));
        }
    }

    void proved(const Kept& kept, const AttemptAnswer& attempt) {
        const ViewAnswer& answer = attempt.views;
        proof_ = attempt.proof;
        outcome_.verdict = outcome::Verdict::kHolds;
        outcome_.reason.clear();
        std::string nodes = kept.nodes.empty() ? "whatever the nodes hold" : fmt::format("of {} alone, whatever the others do", fmt::join(kept.nodes, " and "));
        if (kept.nodes == kAllNodes) nodes = "of all nodes";
        if (kept.narrowed) nodes = fmt::format("of S-CSCF and HSS, with each UE as in {} views of all nodes", attempt.proof->known.whole_views);
        outcome_.certificate = fmt::format("for any number of UEs, {}: {} view{} of {}", nodes, answer.views, answer.views == 1 ? "" : "s",
                                           kept.seen == 1 ? "one UE" : "two UEs");
        const std::size_t orders = attempt.proof->orders.size();
        if (orders > 0) outcome_.certificate += fmt::format(" and {} order{} of messages", orders, orders == 1 ? "" : "s");
        outcome_.bounds_reached.assign(answer.bounds_reached.begin(), answer.bounds_reached.end());
    }

    /// The last attempt that could have proved it says most: it kept most.
    void note(AttemptAnswer::Kind kind, std::string why) {
        if (kind == AttemptAnswer::Kind::kUnfit && best_.kind != AttemptAnswer::Kind::kUnfit) return;
        best_.kind = kind;
        best_.why = std::move(why);
    }

    UnboundedOptions options_;
    Attempts one_;
    Attempts many_;
    std::vector<Names> tokens_;
    Clock::time_point start_;
    outcome::PropertyOutcome outcome_;
    AttemptAnswer best_;
    std::shared_ptr<const ViewProof> proof_;  ///< of the property that is being proved
    std::vector<symbolic::WrittenCertificate> certificates_;
    std::optional<Certified> whole_;          ///< of what one UE looks like in the whole system, once it was needed
    std::uint64_t certified_peak_bytes_ = 0;
};

}  // namespace

Result<symbolic::ProofAnswer> prove_for_any_number(const ims::Scenario& scenario, const std::vector<language::Property>& properties,
                                                  const UnboundedOptions& options) {
    const bool alike = std::all_of(scenario.ues.begin(), scenario.ues.end(),
                                   [&](const ims::UeConfig& ue) { return ue.impus == scenario.ues[0].impus; });
    if (!alike) return Error{"argument", "--unbounded: the scenario's UEs may register different IMPUs; any number of UEs means UEs that are alike", {}, {}, {}};
    const Clock::time_point start = Clock::now();
    Prover prover(scenario, options);
    symbolic::ProofAnswer answer;
    for (const language::Property& property : properties) answer.answer.properties.push_back(prover.prove(property));
    answer.answer.statistics.seconds = seconds_since(start);
    answer.answer.statistics.peak_bytes = prover.peak_bytes();
    answer.certificates = std::move(prover.certificates());
    return answer;
}

}  // namespace imspect::parameterised
