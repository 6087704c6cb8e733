#include "checker/symbolic/visited_states.h"

#include <algorithm>
#include <bit>

namespace imspect::symbolic {

namespace {

constexpr std::size_t kLanes = 64;

}  // namespace

std::size_t VisitedStates::RowHash::operator()(std::uint32_t state) const {
    Word hash = 0;
    for (std::size_t i = 0; i < owner->words_; ++i) {
        hash = (hash ^ owner->rows_[state * owner->words_ + i]) * Word{0x9E3779B97F4A7C15};
        hash ^= hash >> 29U;
    }
    return static_cast<std::size_t>(hash);
}

bool VisitedStates::RowEqual::operator()(std::uint32_t left, std::uint32_t right) const {
    const auto row = [&](std::uint32_t state) { return owner->rows_.begin() + static_cast<std::ptrdiff_t>(state * owner->words_); };
    return std::equal(row(left), row(left) + static_cast<std::ptrdiff_t>(owner->words_), row(right));
}

VisitedStates::VisitedStates(const Machine& machine, const std::vector<std::size_t>& latches)
    : machine_(machine), latches_(latches), words_(latches.size() / kLanes + 1), known_(kLanes, RowHash{this}, RowEqual{this}) {}

bool VisitedStates::visit(const std::vector<Target>& targets, std::size_t most, const std::function<bool()>& stop) {
    runs_.resize(targets.size());
    for (std::size_t i = 0; i < targets.size(); ++i) {
        if (targets[i].initially) runs_[i] = Run{};
    }
    std::vector<Word> initial(words_, 0);
    for (std::size_t i = 0; i < latches_.size(); ++i) {
        if (machine_.latches[latches_[i]].initial) initial[i / kLanes] |= Word{1} << (i % kLanes);
    }
    add(initial, {});
    Valuation values(machine_.circuit);
    while (size_ <= most && !stop()) {
        if (expanded_ < size_ && steps_.size() - next_ < kLanes) {
            expand(values, targets);
        } else if (next_ < steps_.size()) {
            take(values, targets);
        } else {
            make_columns();
            return true;
        }
    }
    return false;
}

void VisitedStates::set_states(Valuation& values, const std::vector<Step>& lanes) const {
    for (std::size_t i = 0; i < latches_.size(); ++i) {
        Word bits = 0;
        for (std::size_t lane = 0; lane < lanes.size(); ++lane) {
            bits |= ((rows_[lanes[lane].state * words_ + i / kLanes] >> (i % kLanes)) & 1U) << lane;
        }
        values.set(machine_.latches[latches_[i]].now, bits);
    }
    for (std::size_t i = 0; i < machine_.choice.size(); ++i) {
        Word bits = 0;
        for (std::size_t lane = 0; lane < lanes.size(); ++lane) bits |= Word{(lanes[lane].rule >> i) & 1U} << lane;
        values.set(machine_.choice[i], bits);
    }
    values.propagate();
}

/// What can be done in the next states, and what they are.
void VisitedStates::expand(Valuation& values, const std::vector<Target>& targets) {
    std::vector<Step> lanes;
    while (lanes.size() < kLanes && expanded_ < size_) lanes.push_back({static_cast<std::uint32_t>(expanded_++), 0});
    set_states(values, lanes);
    steps_.erase(steps_.begin(), steps_.begin() + static_cast<std::ptrdiff_t>(next_));
    next_ = 0;
    for (std::size_t lane = 0; lane < lanes.size(); ++lane) {
        for (std::size_t i = 0; i < targets.size(); ++i) {
            if (values(targets[i].at_state, static_cast<unsigned>(lane))) note(i, lanes[lane], false);
        }
        for (std::uint32_t rule = 0; rule < machine_.enabled.size(); ++rule) {
            if (values(machine_.enabled[rule], static_cast<unsigned>(lane))) steps_.push_back({lanes[lane].state, rule});
        }
    }
}

void VisitedStates::take(Valuation& values, const std::vector<Target>& targets) {
    const auto from = steps_.begin() + static_cast<std::ptrdiff_t>(next_);
    const std::vector<Step> lanes(from, from + static_cast<std::ptrdiff_t>(std::min(kLanes, steps_.size() - next_)));
    next_ += lanes.size();
    set_states(values, lanes);
    const std::vector<std::vector<Word>> rows = successors(values, lanes.size());
    for (std::size_t lane = 0; lane < lanes.size(); ++lane) {
        for (std::size_t i = 0; i < targets.size(); ++i) {
            if (values(targets[i].at_step, static_cast<unsigned>(lane))) note(i, lanes[lane], true);
        }
        add(rows[lane], lanes[lane]);
    }
}

std::vector<std::vector<VisitedStates::Word>> VisitedStates::successors(const Valuation& values, std::size_t lanes) const {
    std::vector<std::vector<Word>> rows(lanes, std::vector<Word>(words_, 0));
    for (std::size_t i = 0; i < latches_.size(); ++i) {
        const Word bits = values.lanes(machine_.latches[latches_[i]].next);
        for (std::size_t lane = 0; lane < lanes; ++lane) rows[lane][i / kLanes] |= ((bits >> lane) & 1U) << (i % kLanes);
    }
    return rows;
}

std::uint32_t VisitedStates::number_of(const std::vector<Word>& row) {
    rows_.insert(rows_.end(), row.begin(), row.end());  // where a state is looked for it has to stand among them
    const auto found = known_.find(static_cast<std::uint32_t>(size_));
    rows_.resize(size_ * words_);
    return found == known_.end() ? kUnseen : *found;
}

void VisitedStates::steps_from(const std::vector<std::uint32_t>& states,
                               const std::function<void(std::uint32_t, std::uint32_t, std::uint32_t)>& each) {
    Valuation values(machine_.circuit);
    std::vector<Step> due;
    const auto take_due = [&] {
        set_states(values, due);
        const auto rows = successors(values, due.size());
        for (std::size_t lane = 0; lane < due.size(); ++lane) each(due[lane].state, due[lane].rule, number_of(rows[lane]));
        due.clear();
    };
    for (std::size_t first = 0; first < states.size(); first += kLanes) {
        std::vector<Step> lanes;
        for (std::size_t i = first; i < std::min(states.size(), first + kLanes); ++i) lanes.push_back({states[i], 0});
        set_states(values, lanes);
        std::vector<Word> enabled;
        for (const Literal literal : machine_.enabled) enabled.push_back(values.lanes(literal));
        for (std::size_t lane = 0; lane < lanes.size(); ++lane) {
            for (std::uint32_t rule = 0; rule < enabled.size(); ++rule) {
                if (((enabled[rule] >> lane) & 1U) == 0) continue;
                due.push_back({lanes[lane].state, rule});
                if (due.size() == kLanes) take_due();
            }
        }
    }
    if (!due.empty()) take_due();
}

std::vector<std::vector<bool>> VisitedStates::values_in(const std::vector<std::uint32_t>& states, const std::vector<Literal>& literals) const {
    Valuation values(machine_.circuit);
    std::vector<std::vector<bool>> result;
    for (std::size_t first = 0; first < states.size(); first += kLanes) {
        std::vector<Step> lanes;
        for (std::size_t i = first; i < std::min(states.size(), first + kLanes); ++i) lanes.push_back({states[i], 0});
        set_states(values, lanes);
        for (std::size_t lane = 0; lane < lanes.size(); ++lane) {
            std::vector<bool> row;
            for (const Literal literal : literals) row.push_back(values(literal, static_cast<unsigned>(lane)));
            result.push_back(std::move(row));
        }
    }
    return result;
}

void VisitedStates::add(const std::vector<Word>& row, Step by) {
    rows_.insert(rows_.end(), row.begin(), row.end());
    if (known_.insert(static_cast<std::uint32_t>(size_)).second) {
        reached_by_.push_back(by);
        ++size_;
    } else {
        rows_.resize(size_ * words_);
    }
}

void VisitedStates::note(std::size_t target, Step last, bool with_rule) {
    if (runs_[target]) return;
    Run run = run_to(last.state);
    if (with_rule) run.push_back(last.rule);
    runs_[target] = std::move(run);
}

VisitedStates::Run VisitedStates::run_to(std::uint32_t state) const {
    Run run;
    for (; state != 0; state = reached_by_[state].state) run.push_back(reached_by_[state].rule);
    std::reverse(run.begin(), run.end());
    return run;
}

void VisitedStates::make_columns() {
    columns_.resize(machine_.latches.size());
    for (std::size_t i = 0; i < latches_.size(); ++i) {
        std::vector<Word>& column = columns_[latches_[i]];
        column.assign((size_ + kLanes - 1) / kLanes, 0);
        for (std::size_t state = 0; state < size_; ++state) {
            column[state / kLanes] |= ((rows_[state * words_ + i / kLanes] >> (i % kLanes)) & 1U) << (state % kLanes);
        }
    }
}

}  // namespace imspect::symbolic
