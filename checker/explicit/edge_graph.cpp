#include "checker/explicit/edge_graph.h"

#include <algorithm>

namespace imspect::explore {

namespace {

/// States stepped between two looks at the limits, and by one thread at a time.
constexpr std::uint64_t kBatch = std::uint64_t{1} << 15;
constexpr std::uint64_t kSlice = 512;

struct Slice {
    std::vector<std::uint32_t> degree;
    std::vector<StateId> targets;
    std::vector<std::uint32_t> rules;
};

void step_slice(const Exploration& exploration, std::uint64_t begin, std::uint64_t end, Slice& slice) {
    const Product& product = exploration.product();
    exec::State next(product.words());
    std::vector<std::uint32_t> candidates(product.system().rules.size());
    slice = {};
    for (std::uint64_t i = begin; i < end; ++i) {
        const auto id = static_cast<StateId>(i);
        const std::size_t before = slice.targets.size();
        if (exploration.visited().is_state(id)) {
            const Word* const from = exploration.visited().state(id);
            const std::size_t count = product.stepper().candidates(from, candidates.data());
            for (std::size_t c = 0; c < count; ++c) {
                const std::uint32_t rule = candidates[c];
                if (product.successor(rule, from, next.data()).kind != exec::StepKind::kFired) continue;
                slice.targets.push_back(exploration.visited().find(next.data(), hash_state(next.data(), next.size())));
                slice.rules.push_back(rule);
            }
        }
        slice.degree.push_back(static_cast<std::uint32_t>(slice.targets.size() - before));
    }
}

}  // namespace

std::optional<std::string> EdgeGraph::build(EdgeGraph& graph, const Exploration& exploration,
                                            const SearchOptions& options) {
    const std::uint64_t limit = exploration.visited().id_limit();
    const bool wide = exploration.product().system().rules.size() > 0xffff;
    const std::uint64_t expected = exploration.transitions() * (wide ? 8 : 6) + limit * 8;
    if (options.memory_bytes != 0 && exploration.bytes() + expected > options.memory_bytes) {
        return "memory limit " + bytes_text(options.memory_bytes);
    }
    Workers workers(options.threads);
    std::vector<Slice> slices(kBatch / kSlice);
    graph.offsets_.assign(1, 0);
    graph.offsets_.reserve(limit + 1);
    graph.targets_.reserve(exploration.transitions());
    graph.rules_low_.reserve(exploration.transitions());
    for (std::uint64_t start = 0; start < limit; start += kBatch) {
        if (options.interrupted()) return kInterrupted;
        const std::uint64_t stop = std::min(limit, start + kBatch);
        const std::uint64_t count = (stop - start + kSlice - 1) / kSlice;
        std::atomic<std::uint64_t> next_slice{0};
        workers.run([&](unsigned) {
            for (std::uint64_t s = next_slice++; s < count; s = next_slice++) {
                const std::uint64_t begin = start + s * kSlice;
                step_slice(exploration, begin, std::min(stop, begin + kSlice), slices[s]);
            }
        });
        for (std::uint64_t s = 0; s < count; ++s) {
            for (const std::uint32_t degree : slices[s].degree) graph.offsets_.push_back(graph.offsets_.back() + degree);
            graph.targets_.insert(graph.targets_.end(), slices[s].targets.begin(), slices[s].targets.end());
            for (const std::uint32_t rule : slices[s].rules) {
                graph.rules_low_.push_back(static_cast<std::uint16_t>(rule & 0xffffU));
                if (wide) graph.rules_high_.push_back(static_cast<std::uint16_t>(rule >> 16));
            }
        }
    }
    return std::nullopt;
}

std::uint64_t EdgeGraph::bytes() const {
    return offsets_.size() * sizeof(std::uint64_t) + targets_.size() * sizeof(StateId) +
           (rules_low_.size() + rules_high_.size()) * sizeof(std::uint16_t);
}

}  // namespace imspect::explore
