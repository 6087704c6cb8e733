#include "checker/symbolic/ic3.h"

#include <algorithm>
#include <array>
#include <optional>
#include <queue>

#include <fmt/format.h>

#include "checker/symbolic/frames.h"

namespace imspect::symbolic {

namespace {

constexpr std::size_t kNone = static_cast<std::size_t>(-1);

enum class Generalisation : std::uint8_t { kPlain, kWithCtgs };

class Ic3 {
public:
    Ic3(const Machine& machine, const Slice& slice, Generalisation generalisation) : frames_(machine, slice), generalisation_(generalisation) {}

    /// Goes on for so many queries; false when they were not enough.
    bool work(std::uint64_t queries, const EngineOptions& options, const TellDepth& tell) {
        most_queries_ = frames_.queries() + queries;
        return search(options, tell);
    }
    [[nodiscard]] const Finding& finding() const { return finding_; }
    [[nodiscard]] std::uint64_t queries() const { return frames_.queries(); }

private:
    struct Obligation {
        Cube cube;
        std::uint32_t rule = 0;
        std::size_t after = kNone;  ///< the obligation that the step leads into
    };
    struct Due {
        std::size_t frame = 0;
        std::size_t obligation = 0;
        bool operator>(const Due& other) const { return std::pair(frame, obligation) > std::pair(other.frame, other.obligation); }
    };

    [[nodiscard]] bool over() const { return frames_.queries() > most_queries_; }

    bool search(const EngineOptions& options, const TellDepth& tell) {
        if (frames_.last() == 0) {
            if (const auto bad = frames_.bad_in(0)) {
                finding_.kind = Finding::Kind::kReached;
                finding_.rules = {bad->rule};
                return true;
            }
            frames_.add_frame();
        }
        while (true) {
            if (block_bad()) return true;
            if (over()) return false;
            const auto done = static_cast<std::uint32_t>(frames_.last());
            finding_.depth = done;
            tell(done);
            frames_.add_frame();
            if (frames_.push(finding_.certificate.excluded)) {
                finding_.kind = Finding::Kind::kUnreachable;
                return true;
            }
            if (options.bound && done >= *options.bound) {
                finding_.reason = fmt::format("no invariant within {} frames", done);
                return true;
            }
        }
    }

    /// True when what is bad is reached; false when the last frame has nothing bad any more, or no queries are left.
    bool block_bad() {
        while (!over()) {
            const auto bad = frames_.bad_in(frames_.last());
            if (!bad) return false;
            obligations_.clear();
            obligations_.push_back({bad->cube, bad->rule, kNone});
            if (const std::size_t start = discharge(); start != kNone) {
                finding_.kind = Finding::Kind::kReached;
                for (std::size_t i = start; i != kNone; i = obligations_[i].after) finding_.rules.push_back(obligations_[i].rule);
                return true;
            }
        }
        return false;
    }

    /// Blocks all obligations as long as queries are left, or gives the one that holds the initial state.
    std::size_t discharge() {
        std::priority_queue<Due, std::vector<Due>, std::greater<>> queue;
        queue.push({frames_.last(), 0});
        while (!queue.empty() && !over()) {
            const Due due = queue.top();
            queue.pop();
            const Cube cube = obligations_[due.obligation].cube;
            if (due.frame == 0 || frames_.holds_initial(cube)) return due.obligation;
            if (const auto known = frames_.excluded_at(cube, due.frame)) {
                if (*known < frames_.last()) queue.push({*known + 1, due.obligation});
                continue;
            }
            Cube core;
            if (auto before = frames_.step_into(cube, due.frame - 1, core)) {
                obligations_.push_back({std::move(before->cube), before->rule, due.obligation});
                queue.push({due.frame - 1, obligations_.size() - 1});
                queue.push(due);
                continue;
            }
            const std::size_t frame = block(core, due.frame, ctgs_now());
            if (frame < frames_.last()) queue.push({frame + 1, due.obligation});
        }
        return kNone;
    }

    /// Generalises a cube that has no predecessor in the frame before, and blocks it as high as it goes.
    std::size_t block(Cube cube, std::size_t frame, int ctgs) {
        generalise(cube, frame - 1, ctgs);
        Cube core;
        while (frame < frames_.last() && frames_.excluded_after(cube, frame, core)) {
            cube = core;
            ++frame;
        }
        frames_.block(cube, frame);
        return frame;
    }

    void generalise(Cube& cube, std::size_t frame, int ctgs) {
        Cube order = cube;
        std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return frames_.uses(a) < frames_.uses(b); });
        constexpr int kMostFailed = 8;  // in a row: a cube of a hundred literals would cost a hundred questions in vain
        int failed = 0;
        for (const std::int32_t literal : order) {
            const auto at = std::find(cube.begin(), cube.end(), literal);
            if (at == cube.end() || cube.size() == 1) continue;
            Cube smaller = cube;
            smaller.erase(smaller.begin() + (at - cube.begin()));
            if (excluded(smaller, frame, ctgs)) {
                cube = std::move(smaller);
                failed = 0;
            } else if (++failed == kMostFailed) {
                return;
            }
        }
    }

    /// For each literal that is left out: how many predecessors in the way are blocked first.
    [[nodiscard]] int ctgs_now() const {
        constexpr int kMost = 3;
        constexpr std::uint64_t kInTurn = 1000;  // queries
        return generalisation_ == Generalisation::kWithCtgs && frames_.queries() / kInTurn % 2 == 0 ? kMost : 0;
    }

    /// Whether the cube, made smaller still by the core, has no predecessor in the frame. Predecessors that have none themselves in the
    /// frame before, so many at most, are blocked first; generalising them looks at no others.
    bool excluded(Cube& cube, std::size_t frame, int ctgs) {
        for (;; --ctgs) {
            if (frames_.holds_initial(cube)) return false;
            Cube core;
            if (frames_.excluded_after(cube, frame, core)) {
                cube = std::move(core);
                return true;
            }
            if (ctgs == 0 || frame == 0) return false;
            const std::optional<Predecessor> from = frames_.step_into(cube, frame, core);
            if (!from) {
                cube = std::move(core);
                return true;
            }
            if (frames_.holds_initial(from->cube) || !frames_.excluded_after(from->cube, frame - 1, core)) return false;
            block(core, frame, 0);
        }
    }

    Frames frames_;
    std::vector<Obligation> obligations_;
    Generalisation generalisation_;
    std::uint64_t most_queries_ = 0;  ///< from the beginning, for the turn that is on
    Finding finding_;
};

}  // namespace

Finding ic3(const Machine& machine, const Slice& slice, const EngineOptions& options, const TellDepth& tell) {
    std::uint32_t deepest = 0;
    const TellDepth tell_deeper = [&](std::uint32_t depth) {
        if (depth <= deepest) return;
        deepest = depth;
        tell(depth);
    };
    std::array<std::optional<Ic3>, 2> searches;  // most questions are answered in the first turn: the other is made when it is its turn
    for (std::uint64_t turn = options.first_turn;; turn += turn / 2 + 1) {
        for (const Generalisation generalisation : {Generalisation::kPlain, Generalisation::kWithCtgs}) {
            std::optional<Ic3>& search = searches[static_cast<std::size_t>(generalisation)];
            if (!search) search.emplace(machine, slice, generalisation);
            if (!search->work(turn, options, tell_deeper)) continue;
            Finding finding = search->finding();
            finding.queries = 0;
            for (const std::optional<Ic3>& each : searches) finding.queries += each ? each->queries() : 0;
            return finding;
        }
    }
}

}  // namespace imspect::symbolic
