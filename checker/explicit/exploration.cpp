#include "checker/explicit/exploration.h"

#include <algorithm>

#include <fmt/format.h>

namespace imspect::explore {

using exec::StepKind;

namespace {

/// States handed to a thread at once: enough to share cheaply, few enough to stop soon.
constexpr std::size_t kBlock = 64;
/// Below this a level is not worth waking threads for.
constexpr std::size_t kWorthThreads = 512;
constexpr auto kProgressEvery = std::chrono::milliseconds(100);

}  // namespace

std::string bytes_text(std::uint64_t bytes) {
    constexpr std::uint64_t kGiB = std::uint64_t{1} << 30;
    constexpr std::uint64_t kMiB = std::uint64_t{1} << 20;
    if (bytes >= kGiB && bytes % kGiB == 0) return fmt::format("{} GiB", bytes / kGiB);
    if (bytes >= kMiB && bytes % kMiB == 0) return fmt::format("{} MiB", bytes / kMiB);
    return fmt::format("{} bytes", bytes);
}

Exploration::Exploration(const Product& product, const Symmetry& symmetry, const SearchOptions& options,
                         bool built_in_checks, std::uint64_t base_bytes)
    : product_(product),
      symmetry_(symmetry),
      options_(options),
      built_in_checks_(built_in_checks),
      built_in_{product.observers().size(), product.observers().size() + 1},
      base_bytes_(base_bytes),
      visited_(product.words(), options.threads * (kBlock + 1) * (product.system().rules.size() + 1)),
      workers_(options.threads),
      worker_data_(options.threads),
      conditions_(product.system().pool(), product.layout()),
      hits_(product.observers().size() + 2),
      best_(hits_.size()),
      taken_(product.system().rules.size()),
      bounded_(product.system().rules.size()) {
    for (auto& best : best_) best = kNoRank;
    for (Worker& worker : worker_data_) {
        worker.successors.resize(product.system().rules.size() * product.words());
        worker.scratch.resize(2 * product.words());
        worker.candidates.resize(product.system().rules.size());
        worker.served.resize(product.system().channels.size());
    }
    classify_rules();
}

void Exploration::classify_rules() {
    const ir::GroundSystem& system = product_.system();
    for (std::size_t r = 0; r < system.rules.size(); ++r) {
        const ir::Rule& rule = system.rule_of(r);
        RuleClass info;
        info.of_node = rule.kind != ir::RuleKind::kFault && rule.kind != ir::RuleKind::kAttacker;
        info.cost = rule.fault_cost;
        for (std::size_t i = 0; i < system.rules[r].bounds.size(); ++i) {
            if (!system.rules[r].bounds[i].environment) info.specification_bounds |= 1U << i;
        }
        rule_classes_.push_back(info);
    }
    for (const ir::GroundChannel& channel : system.channels) {
        ChannelCheck check{product_.layout().field(channel.length), {}};
        if (channel.deferred != ir::kNoExpr) check.deferred = conditions_.compile(channel.deferred);
        channels_.push_back(check);
    }
    for (const ir::GroundWaiting& waiting : system.waiting) waiting_.push_back(conditions_.compile(waiting.condition));
}

void Exploration::run() {
    started_ = last_progress_ = std::chrono::steady_clock::now();
    start();
    while (!stop_) {
        const Rank next_level = frontier_.empty() ? kNoRank : current_;
        const Rank next_deferred = deferred_.empty() ? kNoRank : deferred_.begin()->first;
        const Rank rank = std::min(next_level, next_deferred);
        if (rank == kNoRank) break;
        current_ = rank;
        if (next_deferred == rank) {
            const auto level = std::move(deferred_.extract(deferred_.begin()).mapped());
            deferred_count_ -= level.size();
            materialise(rank, level);
            if (stop_) break;
        }
        if (!frontier_.empty()) depth_ = std::max(depth_, depth_of(rank));
        if (options_.depth_bound && depth_of(rank) >= *options_.depth_bound) {
            first_incomplete_ = std::min(first_incomplete_, rank);
            if (ended_.empty() && !frontier_.empty()) ended_ = fmt::format("depth bound {}", *options_.depth_bound);
            frontier_.clear();
            continue;
        }
        explore_level(rank);
    }
    if (stop_) first_incomplete_ = std::min(first_incomplete_, current_);
    for (Worker& worker : worker_data_) visited_.retire(worker.block);
    collect();
}

void Exploration::start() {
    exec::State initial = product_.initial();
    Worker& worker = worker_data_[0];
    if (!symmetry_.trivial()) symmetry_.canonicalise(initial.data(), worker.scratch.data());
    const auto inserted =
        visited_.insert(initial.data(), hash_state(initial.data(), product_.words()), kNoState, worker.block);
    for (const std::size_t watch : product_.initial_hits()) record(watch, {rank_of(0, 0), kNoState, {}});
    add_state(worker, inserted.id, rank_of(0, 0));
    frontier_.swap(worker.next);
}

/// Runs item(worker, i) for i in 0..count-1 over the threads, growing the visited set whenever it asks for it.
template <typename Item>
void Exploration::in_blocks(std::size_t count, Item&& item) {
    next_item_ = 0;
    const auto work = [&](unsigned w) {
        Worker& worker = worker_data_[w];
        while (may_continue(w)) {
            const std::size_t begin = next_item_.fetch_add(kBlock);
            const std::size_t end = std::min(begin + kBlock, count);
            if (begin >= count) return;
            for (std::size_t i = begin; i < end; ++i) item(worker, i);
        }
    };
    while (!stop_ && next_item_ < count) {
        if (visited_.needs_growth() && !make_room()) return;
        if (workers_.count() == 1 || count - next_item_ < kWorthThreads) {
            work(0);
        } else {
            workers_.run(work);
        }
    }
}

bool Exploration::may_continue(unsigned worker) {
    if (stop_.load(std::memory_order_relaxed) || visited_.needs_growth()) return false;
    if (options_.interrupt != nullptr && options_.interrupt->load(std::memory_order_relaxed)) {
        stop(kInterrupted);
        return false;
    }
    if (options_.memory_bytes != 0 && bytes() > options_.memory_bytes) {
        stop("memory limit " + bytes_text(options_.memory_bytes));
        return false;
    }
    if (worker == 0) report_progress();
    return true;
}

bool Exploration::make_room() {
    if (visited_.full()) {
        stop("limit of 3.2 billion states a search");
        return false;
    }
    if (options_.memory_bytes != 0 && bytes() + visited_.growth_bytes() > options_.memory_bytes) {
        stop("memory limit " + bytes_text(options_.memory_bytes));
        return false;
    }
    visited_.grow();
    return true;
}

void Exploration::explore_level(Rank rank) {
    std::vector<Pending> level = std::move(frontier_);
    frontier_.clear();
    std::stable_sort(level.begin(), level.end(), [](const Pending& a, const Pending& b) { return a.spare < b.spare; });
    in_blocks(level.size(), [&](Worker& worker, std::size_t i) {
        expand(worker, level[i].id, rank_of(faults_of(rank), depth_of(rank), level[i].spare));
    });
    if (stop_) return;
    collect();
    current_ = rank_after(rank, 0, options_.witness);
}

void Exploration::materialise(Rank rank, const std::vector<Deferred>& deferred) {
    in_blocks(deferred.size(), [&](Worker& worker, std::size_t i) {
        Word* const to = worker.successors.data();
        product_.successor(deferred[i].rule, visited_.state(deferred[i].parent), to);
        if (!symmetry_.trivial()) symmetry_.canonicalise(to, worker.scratch.data());
        const auto inserted = visited_.insert(to, hash_state(to, product_.words()), deferred[i].parent, worker.block);
        if (inserted.is_new) add_state(worker, inserted.id, rank);
    });
    collect();
}

/// Gathers what the threads found; in the order of threads, so one thread's order is the order of discovery.
void Exploration::collect() {
    for (Worker& worker : worker_data_) {
        frontier_.insert(frontier_.end(), worker.next.begin(), worker.next.end());
        worker.next.clear();
        for (auto& [rank, items] : worker.deferred) {
            deferred_count_ += items.size();
            auto& all = deferred_[rank];
            all.insert(all.end(), items.begin(), items.end());
        }
        worker.deferred.clear();
        states_ += worker.states;
        transitions_ += worker.transitions;
        worker.states = worker.transitions = 0;
    }
}

void Exploration::expand(Worker& worker, StateId id, Rank rank) {
    const Word* const from = visited_.state(id);
    worker.found.clear();
    const Outlook outlook = generate(worker, from, id, rank);
    if (stop_.load(std::memory_order_relaxed)) return;
    if (built_in_checks_) check_built_in(worker, from, outlook, id, rank);
    store(worker, id, rank);
}

Exploration::Outlook Exploration::generate(Worker& worker, const Word* from, StateId id, Rank rank) {
    Outlook outlook;
    const auto& rules = product_.system().rules;
    std::fill(worker.served.begin(), worker.served.end(), false);
    Word* to = worker.successors.data();
    const std::size_t count = product_.stepper().candidates(from, worker.candidates.data());
    for (std::size_t i = 0; i < count; ++i) {
        const std::uint32_t rule = worker.candidates[i];
        const RuleClass& info = rule_classes_[rule];
        const Rank step_rank = rank_after(rank, info.cost, options_.witness);
        const exec::Step step = product_.successor(
            rule, from, to, [&](std::size_t watch) { return wanted(watch, step_rank); },
            [&](std::size_t watch) { record(watch, {step_rank, id, rule}); });
        if (step.kind == StepKind::kDisabled) continue;
        for (const std::uint32_t channel : rules[rule].consumes) worker.served[channel] = true;
        if (step.kind == StepKind::kBounded) {
            note_bounds(rule, step);
            outlook.limited |= info.of_node && (step.which & info.specification_bounds) != 0;
            continue;
        }
        if (step.kind == StepKind::kOutOfRange) {
            const std::lock_guard<std::mutex> lock(mutex_);
            if (!model_error_) model_error_ = product_.stepper().describe(rule, step);
            stop_ = true;
            return outlook;
        }
        if (taken_[rule].load(std::memory_order_relaxed) == 0) taken_[rule].store(1, std::memory_order_relaxed);
        outlook.node_moves |= info.of_node;
        ++worker.transitions;
        if (!symmetry_.trivial()) symmetry_.canonicalise(to, worker.scratch.data());
        const std::uint64_t hash = hash_state(to, product_.words());
        visited_.prefetch(hash);
        worker.found.push_back({hash, rule, info.cost});
        to += product_.words();
    }
    return outlook;
}

void Exploration::note_bounds(std::uint32_t rule, const exec::Step& step) {
    const std::uint32_t hit = step.which & rule_classes_[rule].specification_bounds;
    if ((hit & ~bounded_[rule].load(std::memory_order_relaxed)) != 0) bounded_[rule].fetch_or(hit);
}

void Exploration::store(Worker& worker, StateId parent, Rank rank) {
    const Word* to = worker.successors.data();
    for (const Successor& successor : worker.found) {
        const Rank later = rank_after(rank, successor.cost, options_.witness);
        if (faults_of(later) == faults_of(rank)) {
            const auto inserted = visited_.insert(to, successor.hash, parent, worker.block);
            if (inserted.is_new) add_state(worker, inserted.id, later);
        } else if (visited_.find(to, successor.hash) == kNoState) {
            worker.deferred[later].push_back({parent, successor.rule});
        }
        to += product_.words();
    }
}

void Exploration::add_state(Worker& worker, StateId id, Rank rank) {
    ++worker.states;
    worker.next.push_back({id, spare_of(rank)});
    product_.check_state(
        visited_.state(id), [&](std::size_t watch) { return wanted(watch, rank); },
        [&](std::size_t watch) { record(watch, {rank, id, {}}); });
}

void Exploration::check_built_in(Worker& worker, const Word* state, const Outlook& outlook, StateId id, Rank rank) {
    bool undelivered = false;
    for (std::size_t c = 0; c < channels_.size(); ++c) {
        const ChannelCheck& channel = channels_[c];
        if (channel.length.get(state) == 0) continue;
        undelivered = true;
        if (worker.served[c] || !wanted(built_in_.unspecified, rank)) continue;
        const bool deferred = channel.deferred && conditions_.evaluate(*channel.deferred, {state, nullptr, nullptr}) != 0;
        if (!deferred) record(built_in_.unspecified, {rank, id, {}});
    }
    if (outlook.node_moves || outlook.limited || !wanted(built_in_.deadlock, rank)) return;
    const bool stuck = undelivered || std::any_of(waiting_.begin(), waiting_.end(), [&](exec::ProgramId condition) {
        return conditions_.evaluate(condition, {state, nullptr, nullptr}) != 0;
    });
    if (stuck) record(built_in_.deadlock, {rank, id, {}});
}

void Exploration::record(std::size_t watch, const Hit& hit) {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (hit.rank >= hits_[watch].rank) return;
    hits_[watch] = hit;
    best_[watch] = hit.rank;
}

void Exploration::stop(const std::string& why) {
    const std::lock_guard<std::mutex> lock(mutex_);
    interrupted_ |= why == kInterrupted;
    ended_ = why;
    stop_ = true;
}

std::uint64_t Exploration::bytes() const {
    return base_bytes_ + visited_.bytes() + frontier_.capacity() * 2 * sizeof(Pending) + deferred_count_ * sizeof(Deferred);
}

void Exploration::report_progress() {
    if (!options_.progress) return;
    const auto now = std::chrono::steady_clock::now();
    if (now - last_progress_ < kProgressEvery) return;
    last_progress_ = now;
    Progress progress;
    progress.states = visited_.id_limit();
    progress.frontier = worker_data_[0].next.size() * workers_.count();
    progress.depth = depth_of(current_);
    progress.states_per_second =
        static_cast<double>(progress.states) / std::chrono::duration<double>(now - started_).count();
    progress.bytes = bytes();
    progress.phase = "exploring";
    options_.progress(progress);
}

}  // namespace imspect::explore
