// `check` from request to answer: load the model, choose and compile the properties, search.
//
// This is the only place that knows the order of these steps; commands fill a request in, writers render the run. An
// engine that this version does not have is refused, never replaced by another.
// Errors: bad model or properties, a property asked for that does not exist or needs what the scenario lacks, what the
// engine refuses. Thread-safety: a call owns everything it uses, except the interrupt flag.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "checker/explicit/search.h"
#include "checker/model_source.h"
#include "checker/symbolic/engine.h"
#include "model/ir/ground.h"
#include "model/result.h"
#include "properties/monitor/observer.h"
#include "properties/outcome/outcome.h"

namespace imspect::checker {

enum class Engine { kAuto, kExplicit, kBmc, kInduction, kIc3, kSpacer };

/// "auto", "explicit", "bmc", "kinduction", "ic3", "spacer"
[[nodiscard]] Result<Engine> engine_named(std::string_view name);

struct CheckRequest {
    ModelSource model;
    std::vector<std::string> property_ids;  ///< empty: every property whose features the model has
    std::vector<Text> property_files;       ///< beside those that belong to the model
    Engine engine = Engine::kAuto;
    explore::SearchOptions search;          ///< the symbolic engines take threads, memory, bound and interrupt from here
    double seconds = 0;                     ///< symbolic engines and `unbounded`: for each question; auto: in all; 0: no limit (unbounded: a minute)
    bool write_certificates = false;        ///< symbolic engines, and `unbounded`
    bool unbounded = false;                 ///< for any number of UEs; what is not proved so is searched for a violation
};

/// Ids of what the engine looks for without being asked; they may be asked for by name like any property.
[[nodiscard]] const std::vector<std::string>& built_in_checks();

/// A property left out of a run because the model lacks the detail that it speaks of.
struct Skipped {
    std::string id;
    std::string meaning;
    std::vector<std::string> clauses;
    std::vector<std::string> missing;  ///< features
};

/// Everything an engine needs to start, and what was left out.
struct Question {
    LoadedModel model;
    ir::GroundSystem ground;
    std::vector<language::Property> properties;  ///< chosen, in the order of `observers`
    std::vector<monitor::Observer> observers;
    std::vector<Skipped> skipped;
};

/// All steps of `check` before the search; the exports start from here too.
[[nodiscard]] Result<Question> pose(const CheckRequest& request);

struct CheckRun {
    LoadedModel model;
    ir::GroundSystem ground;
    std::vector<monitor::Observer> observers;
    std::vector<Skipped> skipped;
    outcome::CheckAnswer answer;
    std::vector<symbolic::WrittenCertificate> certificates;
};

[[nodiscard]] Result<CheckRun> check(const CheckRequest& request);

}  // namespace imspect::checker
