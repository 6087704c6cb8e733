#include "tests/oracle/compare.h"

#include <memory>

#include <fmt/format.h>

#include "checker/explicit/search.h"
#include "tests/oracle/naive.h"

namespace imspect::oracle {

using explore::SearchOptions;
using explore::WitnessOrder;
using monitor::ObserverKind;
using outcome::PropertyOutcome;
using outcome::Verdict;

namespace {

const char* word(Verdict verdict) {
    return verdict == Verdict::kHolds ? "holds" : verdict == Verdict::kViolated ? "violated" : "unknown";
}

const char* word(ObserverKind kind) {
    switch (kind) {
        case ObserverKind::kState: return "state";
        case ObserverKind::kStep: return "step";
        case ObserverKind::kPossible: return "possible";
        case ObserverKind::kLeadsTo: return "leads-to";
        default: return "automatic";
    }
}

struct Configuration {
    unsigned threads = 1;
    bool symmetry = false;
    WitnessOrder order = WitnessOrder::kShortest;
    [[nodiscard]] std::string text() const {
        return fmt::format("threads {}, symmetry {}, {}", threads, symmetry,
                           order == WitnessOrder::kShortest ? "shortest" : "fewest faults");
    }
};

std::size_t faults_of_run(const ir::GroundSystem& system, const outcome::Witness& witness) {
    std::size_t faults = 0;
    for (const std::uint32_t rule : witness.rules) faults += system.rule_of(rule).fault_cost;
    return faults;
}

std::optional<std::string> compare_witness(const PropertyOutcome& got, const NaiveVerdict& expected, WitnessOrder order,
                                           const ir::GroundSystem& system) {
    if (!expected.length) return got.witness ? std::optional<std::string>("an unexpected witness") : std::nullopt;
    if (!got.witness) return "no witness";
    const std::size_t length = got.witness->length();
    if (order == WitnessOrder::kShortest) {
        if (length != *expected.length) return fmt::format("witness of length {}, shortest is {}", length, *expected.length);
        return std::nullopt;
    }
    const std::size_t faults = faults_of_run(system, *got.witness);
    if (std::pair(faults, length) != *expected.faults_length) {
        return fmt::format("witness with {} faults of length {}, best is {} and {}", faults, length,
                           expected.faults_length->first, expected.faults_length->second);
    }
    const std::optional<std::uint32_t> held =
        faults > 0 && got.verdict == Verdict::kViolated ? std::optional(static_cast<std::uint32_t>(faults) - 1) : std::nullopt;
    if (got.held_with_faults != held) return "wrong number of faults under which it held";
    return std::nullopt;
}

std::optional<std::string> compare_property(const PropertyOutcome& got, const NaiveVerdict& expected,
                                            const NaiveChecker& naive, WitnessOrder order, const ir::GroundSystem& system,
                                            bool leads_to) {
    if (got.verdict != expected.verdict) {
        return fmt::format("{} but naively {} ({})", word(got.verdict), word(expected.verdict), got.reason);
    }
    if (leads_to) {
        if (got.witness.has_value() != (got.verdict == Verdict::kViolated)) return "lasso missing or out of place";
    } else if (auto wrong = compare_witness(got, expected, order, system)) {
        return wrong;
    }
    if (got.witness && !naive.confirms(*got.witness)) return "a witness that the naive checker does not confirm";
    return std::nullopt;
}

std::optional<std::string> compare_statistics(const outcome::CheckAnswer& answer, const NaiveChecker& plain,
                                              Comparisons& done) {
    const outcome::Statistics& statistics = answer.statistics;
    const bool reduced = statistics.symmetry_orbits > 1;
    const std::size_t states = reduced ? plain.orbits() : plain.states();
    if (reduced && states < plain.states()) ++done.reduced;
    if (statistics.states != states) return fmt::format("{} states, naively {}", statistics.states, states);
    if (!reduced && statistics.transitions != plain.transitions()) {
        return fmt::format("{} transitions, naively {}", statistics.transitions, plain.transitions());
    }
    if (!statistics.complete) return "the search is not complete";
    const std::set<std::string> bounds(answer.bounds_reached.begin(), answer.bounds_reached.end());
    if (bounds != plain.bounds_reached()) return "other bounds reached";
    const std::set<std::string> never(answer.rules_never_taken.begin(), answer.rules_never_taken.end());
    if (never != plain.rules_never_taken()) return "other rules never taken";
    return std::nullopt;
}

/// Product states must not depend on threads or order: what the first run of each kind stored.
struct ProductCounts {
    std::map<bool, std::uint64_t> with_registers;  ///< by symmetry
};

using Naives = std::vector<std::unique_ptr<NaiveChecker>>;

std::optional<std::string> compare_run(const Sample& sample, const NaiveChecker& plain, const Naives& naives,
                                       const Configuration& configuration, ProductCounts& products, Comparisons& done) {
    SearchOptions options;
    options.threads = configuration.threads;
    options.symmetry = configuration.symmetry;
    options.witness = configuration.order;
    const auto result = explore::search(sample.system, sample.observers, options);
    ++done.runs;
    if (plain.out_of_range()) {
        ++done.out_of_range;
        return result.ok() ? std::optional<std::string>("a value outside its domain was not reported") : std::nullopt;
    }
    if (!result.ok()) return result.error().text();
    const outcome::CheckAnswer& answer = result.value();
    if (auto wrong = compare_statistics(answer, plain, done)) return wrong;
    const std::uint64_t with_registers = answer.statistics.product_states - answer.statistics.states;
    const auto [first, is_first] = products.with_registers.emplace(configuration.symmetry, with_registers);
    if (first->second != with_registers) return "product states depend on threads or order";
    if (configuration.symmetry && with_registers > products.with_registers.at(false)) return "symmetry adds product states";
    done.reduced_products += configuration.symmetry && with_registers < products.with_registers.at(false) ? 1 : 0;
    if (configuration.order == WitnessOrder::kShortest && answer.statistics.symmetry_orbits == 1 &&
        answer.statistics.depth != plain.depth()) {
        return "another depth";
    }
    if (answer.properties.size() != sample.observers.size() + 2) return "the built-in checks are missing";
    for (std::size_t i = 0; i < answer.properties.size(); ++i) {
        const PropertyOutcome& got = answer.properties[i];
        const bool own = i < sample.observers.size();
        const bool leads_to = own && sample.observers[i].kind == ObserverKind::kLeadsTo;
        const NaiveChecker& naive = own ? *naives[i] : plain;
        const NaiveVerdict expected = own ? naive.judge() : got.id == "deadlock" ? plain.deadlock() : plain.unspecified();
        if (auto wrong = compare_property(got, expected, naive, configuration.order, sample.system, leads_to)) {
            return got.id + ": " + *wrong;
        }
        done.witnesses += got.witness.has_value() ? 1 : 0;
        const std::string kind = own ? word(sample.observers[i].kind) : got.id;
        ++done.verdicts[kind + " " + word(got.verdict)];
    }
    return std::nullopt;
}

Naives check_naively(const Sample& sample) {
    Naives naives;
    for (const auto& observer : sample.observers) naives.push_back(std::make_unique<NaiveChecker>(sample.system, &observer));
    return naives;
}

}  // namespace

std::optional<std::string> difference(const Sample& sample, Comparisons& done) {
    const NaiveChecker plain(sample.system, nullptr);
    const Naives naives = check_naively(sample);
    // Leads-to needs every state; only without it may the plain search be reduced by symmetry.
    Sample reducible = sample;
    std::erase_if(reducible.observers, [](const auto& observer) { return observer.kind == ObserverKind::kLeadsTo; });
    const Naives naives_of_reducible = check_naively(reducible);
    ProductCounts products;
    ProductCounts products_of_reducible;
    for (const unsigned threads : {1U, 2U, 3U}) {
        for (const bool symmetry : {false, true}) {
            for (const WitnessOrder order : {WitnessOrder::kShortest, WitnessOrder::kFewestFaults}) {
                const Configuration configuration{threads, symmetry, order};
                if (auto wrong = compare_run(sample, plain, naives, configuration, products, done)) {
                    return configuration.text() + ": " + *wrong;
                }
                if (!sample.symmetric) continue;
                if (auto wrong = compare_run(reducible, plain, naives_of_reducible, configuration, products_of_reducible, done)) {
                    return "without leads-to, " + configuration.text() + ": " + *wrong;
                }
            }
        }
    }
    return std::nullopt;
}

}  // namespace imspect::oracle
