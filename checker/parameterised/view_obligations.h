// What makes a set of views a proof, as questions that any solver can answer: none of them may have a model.
//
// *initiation*: the first view is none of the set, V. *consecution*, rule by rule: in a scene all of whose views are in V the rule
// fires, and the view after it is not. Scenes are of the k UEs seen (one of them acts, or nobody in particular), and of k + 1 (the
// last acts, or nobody, and the first k are seen: UEs are alike, so their numbers are ours to give). Where the last acts and
// writes nothing of the others, it is two questions: that all but counts and shared slots stays what it was, and that the view
// with the new counts and shared slots is in V. A step after which the view is the very circuit that it was is no question.
// *property*: in such a scene the property is broken by the state or in a step. *room*: a rule is held back by a bound
// that the answer does not name, or leaves a domain.
//
// A scene is a state of the localised system (localise.h) in which k or k + 1 of its UEs are seen, as registers say (aggregates.h). The
// others own no message, never act, and are as initially: nothing reads what they have. How many outside the scene have a quality
// (0, 1, up to the aggregate's most) is an input for each, free as far as the views' counts are kept: the register that answers for
// those outside is true just where it is not 0. The count in a view is that plus those seen. After a step it is the same number
// outside, or none where the step takes the quality from all (cutoff.h), which is when the register becomes false. As in
// the search (view_search.h) each UE's tokens are 1, 2, … as its view shows them before a step, for V holds no other; but two UEs may
// have the same number, for nothing compares tokens of two UEs.
// Where the search was narrowed (portraits.h), steps after which a UE of the scene does not look as in the whole system are none: that is
// given beside that the rule fires, and not proved here.
// What leads from these scenes to any number of UEs is the argument of cutoff.h and no part of the obligations.
// Cost: the machine, and for each rule and scene the views' fields and V once more. Thread-safety: one thread.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "checker/parameterised/cutoff.h"
#include "checker/parameterised/localise.h"
#include "checker/parameterised/view_cover.h"
#include "checker/symbolic/isolation.h"
#include "checker/symbolic/machine.h"

namespace imspect::parameterised {

/// What else is known of one UE, where the search was narrowed (portraits.h).
struct Known {
    std::size_t whole_views = 0;  ///< of the whole system; 0: not narrowed
    Shape shape;                  ///< what a portrait shows
    std::vector<ViewCode> portraits;
};

/// Everything that a proof by views rests on.
struct ViewProof {
    Localised localised;          ///< with one observer
    Shape shape;
    Cutoff cutoff;
    std::uint32_t seen = 1;
    std::uint32_t messages = 1;   ///< of one UE in one channel, where that bound was met
    std::set<std::string> bounds; ///< met
    std::vector<ViewCode> codes;
    std::vector<std::string> orders; ///< of messages, that registers note (message_orders.h), in words
    Known known;
};

struct ViewObligation {
    std::string name;
    symbolic::Literal goal = symbolic::kFalse;
    std::vector<std::pair<std::string, symbolic::Literal>> parts;  ///< what the goal is made of, for people
};

struct ViewObligations {
    symbolic::Machine machine;                ///< its circuit holds the obligations
    ViewCover cover;
    std::optional<ViewCover> portraits;       ///< where the search was narrowed
    std::vector<ViewObligation> obligations;
    std::vector<std::string> unseen;          ///< steps after which a view is the same circuit as before: nothing to prove
    std::vector<std::pair<std::string, symbolic::Number>> outside;  ///< inputs beside the machine's: how many outside have each quality
};

/// Errors: what the symbolic translation cannot say.
[[nodiscard]] Result<ViewObligations> obligations_of(const ViewProof& proof);

/// An obligation that has a model, or nothing. `proved` gets how many have none so far. Asked of CaDiCaL: the search that found
/// the views used no solver, so any is a second opinion, and Z3 takes several times as long. Each in a process of its own, so many
/// at once. Throws SolverFailure.
[[nodiscard]] std::optional<std::string> refute(const ViewObligations& obligations, unsigned processes, const symbolic::TellDepth& proved);

}  // namespace imspect::parameterised
