#include "checker/parameterised/view_certificate.h"

#include <cstring>

#include <fmt/format.h>

#include "checker/symbolic/isolation.h"
#include "checker/symbolic/smtlib.h"
#include "model/ir/print.h"

namespace imspect::parameterised {

using symbolic::Literal;

namespace {

/// A comment of one line.
void say(std::string& text, std::string line) {
    text += line.empty() ? ";\n" : fmt::format("; {}\n", symbolic::one_line(std::move(line)));
}

void say_what_is_assumed(std::string& text, const ViewProof& proof) {
    const std::uint32_t k = proof.seen;
    say(text, "");
    say(text, "What this file does not carry and rests on; imspect checks it on every rule, register and formula (docs/proofs.md):");
    say(text, "  - the localised system: what is not listed as a slot may hold anything before every step, so a step of the whole system, seen");
    say(text, "    through the slots, is one of the circuits' (checker/parameterised/localise.h);");
    say(text, fmt::format("  - the cutoff: a step of any number of UEs, seen by any {}, is a step of a scene of these or of these and the one that acts", k == 1 ? "one of them" : "two of them"));
    say(text, "    (cutoff.h); UEs are alike, so views do not name them and the one that acts is called the last; tokens of two UEs are never compared, so");
    say(text, "    each UE's are 1, 2, ... in the order in which a view shows them before every step (where rules ask for their order: in that);");
    say(text, "  - that the circuits are those of the rules (checker/symbolic/machine.h).");
    if (proof.known.whole_views > 0) {
        say(text, fmt::format("  - P, what the slots show of one UE alone in any state of the whole system: read off {} views of all nodes, which imspect found", proof.known.whole_views));
        say(text, "    closed under steps and without meeting a bound (whole_views.h, portraits.h). Steps to what P does not have are left out;");
    }
    if (!proof.orders.empty()) {
        say(text, "  - that registers note orders of messages (message_orders.h): where a message of the first kind is ahead of one of the second, the");
        say(text, "    register is true, for messages come in at the end and leave at the head. So a rule that takes the first may ask that it is true or");
        say(text, "    none of the second is under way. Noted are");
    }
    for (const std::string& order : proof.orders) say(text, fmt::format("      {}", order));
    if (proof.bounds.empty()) return;
    say(text, fmt::format("The proof is within bounds that were met, and so are the obligations: no UE has more than {} message{} in a channel.", proof.messages,
                          proof.messages == 1 ? "" : "s"));
    for (const std::string& bound : proof.bounds) say(text, fmt::format("  met: {}", bound));
}

void say_views(std::string& text, const ViewProof& proof, const ViewObligations& obligations) {
    const ir::System& system = *proof.localised.ground.system;
    const ViewCover& cover = obligations.cover;
    say(text, "");
    for (std::size_t i = 0; i < proof.cutoff.aggregates.size(); ++i) {
        ir::GroundSystem slots;
        slots.system = proof.localised.ground.system;
        slots.variables = proof.localised.ground.variables;
        for (const monitor::Register& reg : proof.localised.observers[0].registers) slots.variables.push_back(reg.variable);
        say(text, fmt::format("Quality {} of a UE, here of the first: {}", i + 1, ir::print(slots, proof.cutoff.aggregates[i].of[0])));
    }
    say(text, fmt::format("V, the {} view{} of {} in {} line{}; a view is in V if it agrees with one. Tokens are named UE by UE as they come.", cover.views,
                          cover.views == 1 ? "" : "s", proof.seen == 1 ? "one UE" : "two UEs, each in both orders,", cover.lines.size(), cover.lines.size() == 1 ? "" : "s"));
    for (const CoverLine& line : cover.lines) say(text, fmt::format("  V: {}", for_people(cover.form, line, system)));
    if (!obligations.portraits) return;
    const ViewCover& known = *obligations.portraits;
    say(text, fmt::format("P, {} of them in {} line{}.", known.views, known.lines.size(), known.lines.size() == 1 ? "" : "s"));
    for (const CoverLine& line : known.lines) say(text, fmt::format("  P: {}", for_people(known.form, line, system)));
}

void say_input(std::string& text, const std::string& name, std::int64_t lo, const std::vector<Literal>& bits) {
    std::vector<std::string> nodes;
    for (const Literal bit : bits) nodes.push_back(symbolic::name_in_smtlib(bit));
    say(text, nodes.empty() ? fmt::format("  {} is always {}", name, lo)
                            : fmt::format("  {} = {}bits {}", name, lo == 0 ? "" : fmt::format("{} + ", lo), fmt::join(nodes, " ")));
}

/// Which inputs stand for what, least significant bit first.
void say_inputs(std::string& text, const ViewProof& proof, const ViewObligations& obligations) {
    const symbolic::Machine& machine = obligations.machine;
    say(text, "");
    say(text, "Inputs of the circuits, the least significant bit first:");
    for (const symbolic::MachineSlot& slot : machine.slots) {
        std::vector<Literal> bits;
        for (unsigned bit = 0; bit < slot.bits; ++bit) bits.push_back(machine.latches[slot.first_latch + bit].now);
        say_input(text, slot.name, slot.lo, bits);
    }
    for (const auto& [name, number] : obligations.outside) say_input(text, name, number.lo, number.bits);
    say_input(text, "the number of the rule that is chosen", 0, machine.choice);
    for (std::size_t rule = 0; rule < proof.localised.ground.rules.size(); ++rule) {
        say(text, fmt::format("    rule {}: {}", rule, proof.localised.ground.rules[rule].name));
    }
}

void write_obligation(std::string& text, const symbolic::Circuit& circuit, const ViewObligation& obligation) {
    text += "\n";
    say(text, obligation.name);
    text += "(reset)\n(set-logic QF_UF)\n";
    std::vector<Literal> roots;
    for (const auto& [what, literal] : obligation.parts) roots.push_back(literal);
    symbolic::append_gates(text, circuit, roots);
    for (const auto& [what, literal] : obligation.parts) {
        say(text, what);
        text += fmt::format("(assert {})\n", symbolic::name_in_smtlib(literal));
    }
    text += "(check-sat)\n";
}

}  // namespace

std::string as_smtlib(const ViewProof& proof, const ViewObligations& obligations, const std::string& property) {
    std::string text;
    say(text, fmt::format("{} of {}, for any number of UEs: every (check-sat) must answer unsat.", property, proof.localised.ground.system->name));
    say(text, "A set V of views (what a state looks like when only some UEs are seen) that holds the first view and every view that follows, and in");
    say(text, "which nothing breaks the property. A scene is a state of the slots below in which some UEs are seen; what those outside");
    say(text, "have is how many of them have each quality; they never act, and their slots are as initially, for nothing reads them.");
    say_what_is_assumed(text, proof);
    say_views(text, proof, obligations);
    say_inputs(text, proof, obligations);
    if (!obligations.unseen.empty()) say(text, "");
    for (const std::string& step : obligations.unseen) say(text, fmt::format("A step by {}, leaves the view what it was: nothing to prove.", step));
    for (const ViewObligation& obligation : obligations.obligations) write_obligation(text, obligations.machine.circuit, obligation);
    return text;
}

namespace {

/// Nothing speaks against the proof; the file names the property all the same.
Certified without(const ViewProof& proof, const std::string& property, std::string why) {
    Certified certified;
    say(certified.text, fmt::format("{} of {} holds for any number of UEs by {} views of {}, but there is NO CERTIFICATE HERE: {}.", property,
                                    proof.localised.ground.system->name, proof.codes.size(), proof.seen == 1 ? "one UE" : "two UEs", why));
    certified.missing = std::move(why);
    return certified;
}

/// What a process for it says of a proof.
enum class Answer : std::uint32_t { kProved, kRefuted, kNotWritten };

constexpr std::size_t kHeader = 4;  ///< words before the text: answer, lines of V, obligations, octets of text

symbolic::Words pack(Answer answer, const std::string& said, std::size_t lines = 0, std::size_t obligations = 0) {
    symbolic::Words words = {static_cast<std::uint32_t>(answer), static_cast<std::uint32_t>(lines), static_cast<std::uint32_t>(obligations),
                             static_cast<std::uint32_t>(said.size())};
    words.resize(words.size() + (said.size() + sizeof(std::uint32_t) - 1) / sizeof(std::uint32_t));  // tens of megabytes at times: four octets a word
    std::memcpy(words.data() + kHeader, said.data(), said.size());
    return words;
}

symbolic::Words written_and_proved(const ViewProof& proof, const std::string& property, unsigned processes, const symbolic::TellDepth& tell) {
    const Result<ViewObligations> obligations = obligations_of(proof);
    if (!obligations) return pack(Answer::kNotWritten, obligations.error().message);
    if (const auto failed = refute(obligations.value(), processes, tell)) return pack(Answer::kRefuted, *failed);
    return pack(Answer::kProved, as_smtlib(proof, obligations.value(), property), obligations.value().cover.lines.size(),
                obligations.value().obligations.size());
}

Certified certified_by(const symbolic::Ending& ending, const ViewProof& proof, const std::string& property) {
    if (!ending.answer) {
        return without(proof, property, fmt::format("{} {}", ending.interrupted ? "interrupted" : ending.reason,
                                                    ending.depth ? fmt::format("with {} of its obligations proved again", *ending.depth)
                                                                 : "before an obligation was proved again"));
    }
    const symbolic::Words& words = *ending.answer;
    const auto answer = static_cast<Answer>(words.at(0));
    std::string said(words.at(3), '\0');
    std::memcpy(said.data(), words.data() + kHeader, said.size());
    if (answer == Answer::kNotWritten) return without(proof, property, std::move(said));
    Certified certified;
    if (answer == Answer::kRefuted) {
        certified.failure = fmt::format("THE CERTIFICATE WAS NOT PROVED AGAIN: {} fails", said);
        return certified;
    }
    certified.text = std::move(said);
    certified.summary = fmt::format("{} line{}, {} obligations proved again by CaDiCaL", words[1], words[1] == 1 ? "" : "s", words[2]);
    return certified;
}

}  // namespace

Certified certify(const ViewProof& proof, const std::string& property, const CertificateLimits& limits) {
    symbolic::IsolationLimits isolation;
    isolation.memory_bytes = limits.memory_bytes / limits.processes;
    isolation.seconds = limits.seconds;
    isolation.interrupt = limits.interrupt;
    const symbolic::Task task = [&](const symbolic::TellDepth& tell) { return written_and_proved(proof, property, limits.processes, tell); };
    const symbolic::Ending ending = symbolic::run_isolated({task}, isolation).front();
    Certified certified = certified_by(ending, proof, property);
    certified.peak_bytes = ending.peak_bytes;
    return certified;
}

}  // namespace imspect::parameterised
