#include "checker/symbolic/termination.h"

#include <algorithm>

#include "checker/symbolic/measure_search.h"

namespace imspect::symbolic {

namespace {

Words as_words(const std::string& text) {
    Words words;
    for (const char c : text) words.push_back(static_cast<unsigned char>(c));
    return words;
}

/// The measure behind a 1, or the reason behind a 0.
Words looked_for(const ir::GroundSystem& system, const Machine& machine) {
    const MeasureSearch search = find_measure(system, machine, [] { return false; });
    Words words = search.measure ? pack(*search.measure) : as_words(search.reason);
    words.insert(words.begin(), search.measure ? 1 : 0);
    return words;
}

/// Runs one task; its answer, or nothing and the reason why.
std::optional<Words> run(Termination& result, const Task& task, const ProofOptions& options) {
    const IsolationLimits limits{options.memory_bytes, options.seconds, options.seconds, 1, options.interrupt, {}};
    Ending ending = run_isolated({task}, limits).front();
    result.peak_bytes = std::max(result.peak_bytes, ending.peak_bytes);
    result.interrupted = ending.interrupted;
    result.reason = ending.reason;
    return std::move(ending.answer);
}

}  // namespace

Result<Termination> prove_termination(const ir::GroundSystem& system, const ProofOptions& options) {
    Result<Machine> machine = translate(system, nullptr);
    if (!machine) return machine.error();
    Termination result;
    result.machine = std::make_shared<const Machine>(std::move(machine).value());
    const auto found = run(result, [&](const TellDepth&) { return looked_for(system, *result.machine); }, options);
    if (!found) return result;
    if (found->at(0) == 0) {
        result.reason.assign(found->begin() + 1, found->end());
        return result;
    }
    Measure measure = unpack_measure(Words(found->begin() + 1, found->end()));
    const auto refuted = run(result, [&](const TellDepth&) { return as_words(refute(system, *result.machine, measure).value_or("")); }, options);
    if (!refuted) return result;
    if (refuted->empty()) {
        result.measure = std::move(measure);
        return result;
    }
    result.reason = "THE MEASURE WAS NOT PROVED: " + std::string(refuted->begin(), refuted->end()) + " fails";
    return result;
}

}  // namespace imspect::symbolic
