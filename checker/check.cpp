#include "checker/check.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string>
#include <tuple>

#include "checker/parameterised/unbounded.h"
#include "checker/portfolio.h"
#include "model/nearest.h"

namespace imspect::checker {
namespace {

using language::Property;

Error wrong(std::string message) {
    return Error{"argument", std::move(message), {}, {}, {}};
}

/// P1, P2, …, P10, P10s: ids of letters and a number, in the order in which people count; other ids after them.
std::tuple<bool, std::string, unsigned long, std::string> rank_of(const std::string& id) {
    const std::size_t digits = std::min(id.find_first_of("0123456789"), id.size());
    const std::size_t rest = std::min(id.find_first_not_of("0123456789", digits), id.size());
    const bool counted = digits > 0 && digits < id.size() && rest - digits < 9 && id.find('-') == std::string::npos;
    if (!counted) return {true, {}, 0, {}};
    return {false, id.substr(0, digits), std::stoul(id.substr(digits, rest - digits)), id.substr(rest)};
}

/// The model's properties and those of further files, no id twice.
Result<std::vector<Property>> all_properties(const LoadedModel& model, const std::vector<Text>& files) {
    std::vector<Property> properties = model.properties;
    for (const Text& file : files) {
        Result<std::vector<Property>> parsed = language::parse(file.content, file.file);
        if (!parsed) return parsed.error();
        properties.insert(properties.end(), parsed.value().begin(), parsed.value().end());
    }
    std::map<std::string, const Property*> first;
    for (const Property& property : properties) {
        const std::vector<std::string>& reserved = built_in_checks();
        if (std::find(reserved.begin(), reserved.end(), property.id) != reserved.end()) {
            return Error{"property", fmt::format("property '{}' has the name of a check that is built in", property.id), property.source->file, {}, {}};
        }
        const auto [entry, is_new] = first.emplace(property.id, &property);
        if (is_new) continue;
        return Error{"property", fmt::format("property '{}' is declared twice: here and in {}", property.id, entry->second->source->file),
                     property.source->file, {}, {}};
    }
    std::stable_sort(properties.begin(), properties.end(),
                     [](const Property& a, const Property& b) { return rank_of(a.id) < rank_of(b.id); });
    return properties;
}

std::string scenarios_with(const std::vector<std::string>& features) {
    const Result<std::vector<LoadedModel>> models = load_all_scenarios();
    if (!models) return {};
    std::vector<std::string> names;
    for (const LoadedModel& model : models.value()) {
        const std::vector<std::string>& has = model.system->features;
        const bool all = std::all_of(features.begin(), features.end(), [&](const std::string& feature) {
            return std::find(has.begin(), has.end(), feature) != has.end();
        });
        if (all) names.push_back(model.name);
    }
    return fmt::format("{}", fmt::join(names, ", "));
}

Error not_here(const Property& property, const LoadedModel& model, const std::vector<std::string>& missing) {
    std::string message = fmt::format("property '{}' is not in {} '{}' (needs {})", property.id, model.scenario ? "scenario" : "model",
                                      model.name, fmt::join(missing, ", "));
    const std::string scenarios = model.scenario ? scenarios_with(property.needs) : std::string{};
    if (!scenarios.empty()) message += "; scenarios that have it: " + scenarios;
    return wrong(std::move(message));
}

struct Selection {
    std::vector<Property> chosen;
    std::vector<Skipped> skipped;
};

Result<Selection> select_asked(const std::vector<Property>& properties, const LoadedModel& model, const std::vector<std::string>& ids) {
    std::vector<std::string> known = built_in_checks();
    for (const Property& property : properties) known.push_back(property.id);
    for (const std::string& id : ids) {
        if (std::find(known.begin(), known.end(), id) != known.end()) continue;
        return wrong(fmt::format("unknown property '{}'{} (see imspect list properties)", id, did_you_mean(id, known)));
    }
    Selection selection;
    for (const Property& property : properties) {
        if (std::find(ids.begin(), ids.end(), property.id) == ids.end()) continue;
        const std::vector<std::string> missing = language::missing_features(property, *model.system);
        if (!missing.empty()) return not_here(property, model, missing);
        selection.chosen.push_back(property);
    }
    return selection;
}

Result<Selection> select(const std::vector<Property>& properties, const LoadedModel& model, const std::vector<std::string>& ids) {
    if (!ids.empty()) return select_asked(properties, model, ids);
    Selection selection;
    for (const Property& property : properties) {
        std::vector<std::string> missing = language::missing_features(property, *model.system);
        if (missing.empty()) {
            selection.chosen.push_back(property);
        } else {
            selection.skipped.push_back({property.id, property.meaning, property.clauses, std::move(missing)});
        }
    }
    return selection;
}

Result<std::vector<monitor::Observer>> compile_all(const std::vector<Property>& properties, ir::GroundSystem& ground) {
    std::vector<monitor::Observer> observers;
    auto next_register = static_cast<ir::SlotId>(ground.variables.size());
    for (const Property& property : properties) {
        Result<monitor::Observer> observer = language::compile(property, ground, next_register);
        if (!observer) return observer.error();
        next_register += static_cast<ir::SlotId>(observer.value().registers.size());
        observers.push_back(std::move(observer).value());
    }
    return observers;
}

/// What the engine looks for without being asked stays in the answer unless other properties were asked for by name.
void keep_asked(outcome::CheckAnswer& answer, const std::vector<std::string>& ids) {
    if (ids.empty()) return;
    const auto unasked = [&](const outcome::PropertyOutcome& property) {
        return std::find(ids.begin(), ids.end(), property.id) == ids.end();
    };
    answer.properties.erase(std::remove_if(answer.properties.begin(), answer.properties.end(), unasked), answer.properties.end());
}

std::optional<Error> refused_by_symbolic(const CheckRequest& request) {
    if (request.search.witness != explore::WitnessOrder::kShortest) {
        return wrong("--witness fewest-faults: only the explicit engine can look for the fewest faults");
    }
    if (request.write_certificates && request.engine == Engine::kBmc) {
        return wrong("--certificate: bmc proves nothing, so there is nothing to write; kinduction, ic3 and spacer do");
    }
    if (!request.search.symmetry) return wrong("--symmetry off: only the explicit engine has a symmetry to switch off");
    return std::nullopt;
}

std::optional<Error> refused_by_unbounded(const CheckRequest& request) {
    const auto refuse = [](const char* option) {
        return wrong(fmt::format("{} has no meaning with --unbounded, which tries proofs for any number of UEs and then the explicit engine", option));
    };
    if (request.engine != Engine::kAuto) return refuse("--engine");
    if (request.search.depth_bound) return refuse("--bound");
    if (request.model.model_text) {
        return wrong("--unbounded: a model in JSON says how many of everything there are; a scenario is needed");
    }
    return std::nullopt;
}

std::optional<Error> refused_by_explicit(const CheckRequest& request) {
    if (request.seconds > 0 && request.engine == Engine::kExplicit) {
        return wrong("--timeout: only auto and the symbolic engines have a time limit; Ctrl-C ends a search");
    }
    if (request.write_certificates) return wrong("--certificate: the explicit engine visits states and has no certificate to write");
    return std::nullopt;
}

symbolic::ProofOptions proof_options(const CheckRequest& request, const Question& question) {
    const auto asked = [&](const std::string& id) {
        const auto& ids = request.property_ids;
        const bool automatic = std::any_of(question.observers.begin(), question.observers.end(), [](const monitor::Observer& observer) {
            return observer.kind == monitor::ObserverKind::kAutomatic;
        });
        return ids.empty() || automatic || std::find(ids.begin(), ids.end(), id) != ids.end();
    };
    symbolic::ProofOptions options;
    options.method = request.engine == Engine::kBmc         ? symbolic::Method::kBmc
                     : request.engine == Engine::kInduction ? symbolic::Method::kInduction
                     : request.engine == Engine::kSpacer    ? symbolic::Method::kSpacer
                                                            : symbolic::Method::kIc3;
    options.bound = request.search.depth_bound;
    options.processes = request.search.threads;
    options.memory_bytes = request.search.memory_bytes / std::max(1U, request.search.threads);
    options.seconds = request.seconds;
    options.deadlock = asked("deadlock");
    options.unspecified = asked("unspecified-reception");
    options.write_certificates = request.write_certificates;
    options.interrupt = request.search.interrupt;
    return options;
}

Result<symbolic::ProofAnswer> search_states(const Question& question, const CheckRequest& request) {
    PortfolioOptions portfolio;
    portfolio.search = request.search;
    portfolio.proof = proof_options(request, question);
    portfolio.proof.seconds = 0;
    portfolio.seconds = request.seconds;
    Result<outcome::CheckAnswer> answer = request.engine == Engine::kAuto
                                              ? search_with_help(question.ground, question.observers, portfolio)
                                              : explore::search(question.ground, question.observers, request.search);
    if (!answer) return answer.error();
    return symbolic::ProofAnswer{std::move(answer).value(), {}};
}

/// Proofs for any number of UEs; a violation of the scenario itself is one for any number, so what is left is searched for it.
Result<symbolic::ProofAnswer> prove_unbounded(const Question& question, const CheckRequest& request) {
    parameterised::UnboundedOptions options;
    if (request.seconds > 0) options.seconds = request.seconds;
    options.write_certificates = request.write_certificates;
    options.memory_bytes = request.search.memory_bytes;
    options.interrupt = request.search.interrupt;
    options.processes = std::max(1U, request.search.threads);
    Result<symbolic::ProofAnswer> proved = parameterised::prove_for_any_number(*question.model.scenario, question.properties, options);
    if (!proved) return proved.error();
    outcome::CheckAnswer& answer = proved.value().answer;
    std::vector<monitor::Observer> open;
    for (std::size_t i = 0; i < answer.properties.size(); ++i) {
        if (answer.properties[i].verdict == outcome::Verdict::kUnknown) open.push_back(question.observers[i]);
    }
    if (open.empty()) return proved;
    Result<outcome::CheckAnswer> searched = explore::search(question.ground, open, request.search);
    if (!searched) return searched.error();
    for (outcome::PropertyOutcome& property : answer.properties) {
        for (const outcome::PropertyOutcome& found : searched.value().properties) {
            if (found.id == property.id && found.verdict == outcome::Verdict::kViolated) property = found;
        }
    }
    const outcome::Statistics proof = answer.statistics;
    answer.statistics = searched.value().statistics;
    answer.statistics.seconds += proof.seconds;
    answer.statistics.peak_bytes = std::max(answer.statistics.peak_bytes, proof.peak_bytes);
    answer.ended = searched.value().ended;
    return proved;
}

}  // namespace

const std::vector<std::string>& built_in_checks() {
    static const std::vector<std::string> ids = {"deadlock", "unspecified-reception"};
    return ids;
}

Result<Engine> engine_named(std::string_view name) {
    if (name == "auto") return Engine::kAuto;
    if (name == "explicit") return Engine::kExplicit;
    if (name == "bmc") return Engine::kBmc;
    if (name == "kinduction") return Engine::kInduction;
    if (name == "ic3") return Engine::kIc3;
    if (name == "spacer") return Engine::kSpacer;
    return wrong(fmt::format("unknown engine '{}'; expected auto, explicit, bmc, kinduction, ic3 or spacer{}", name,
                             did_you_mean(name, {"auto", "explicit", "bmc", "kinduction", "ic3", "spacer"})));
}

Result<Question> pose(const CheckRequest& request) {
    Result<LoadedModel> model = load(request.model);
    if (!model) return model.error();
    Result<std::vector<Property>> properties = all_properties(model.value(), request.property_files);
    if (!properties) return properties.error();
    Result<Selection> selection = select(properties.value(), model.value(), request.property_ids);
    if (!selection) return selection.error();
    Result<ir::GroundSystem> ground = prepare(model.value());
    if (!ground) return ground.error();
    Result<std::vector<monitor::Observer>> observers = compile_all(selection.value().chosen, ground.value());
    if (!observers) return observers.error();
    return Question{std::move(model).value(), std::move(ground).value(), std::move(selection.value().chosen),
                    std::move(observers).value(), std::move(selection.value().skipped)};
}

Result<CheckRun> check(const CheckRequest& request) {
    const bool symbolically = request.engine != Engine::kAuto && request.engine != Engine::kExplicit;
    const auto refused = request.unbounded ? refused_by_unbounded(request) : symbolically ? refused_by_symbolic(request) : refused_by_explicit(request);
    if (refused) return *refused;
    Result<Question> posed = pose(request);
    if (!posed) return posed.error();
    Question question = std::move(posed).value();
    Result<symbolic::ProofAnswer> answered = request.unbounded ? prove_unbounded(question, request)
                                             : symbolically   ? symbolic::prove(question.ground, question.observers, proof_options(request, question))
                                                          : search_states(question, request);
    if (!answered) return answered.error();
    keep_asked(answered.value().answer, request.property_ids);
    return CheckRun{std::move(question.model),   std::move(question.ground),
                    std::move(question.observers), std::move(question.skipped),
                    std::move(answered.value().answer), std::move(answered.value().certificates)};
}

}  // namespace imspect::checker
