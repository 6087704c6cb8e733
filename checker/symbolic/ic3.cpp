#include "checker/symbolic/ic3.h"

#include <algorithm>
#include <queue>

#include <fmt/format.h>

#include "checker/symbolic/frames.h"

namespace imspect::symbolic {

namespace {

constexpr std::size_t kNone = static_cast<std::size_t>(-1);

class Ic3 {
public:
    Ic3(const Machine& machine, const Slice& slice) : frames_(machine, slice) {}

    Finding run(const EngineOptions& options, const TellDepth& tell) {
        Finding finding;
        search(finding, options, tell);
        finding.queries = frames_.queries();
        return finding;
    }

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

    void search(Finding& finding, const EngineOptions& options, const TellDepth& tell) {
        if (const auto bad = frames_.bad_in(0)) {
            finding.kind = Finding::Kind::kReached;
            finding.rules = {bad->rule};
            return;
        }
        frames_.add_frame();
        while (true) {
            if (block_bad(finding)) return;
            const auto done = static_cast<std::uint32_t>(frames_.last());
            finding.depth = done;
            tell(done);
            frames_.add_frame();
            if (frames_.push(finding.certificate.excluded)) {
                finding.kind = Finding::Kind::kUnreachable;
                return;
            }
            if (options.bound && done >= *options.bound) {
                finding.reason = fmt::format("no invariant within {} frames", done);
                return;
            }
        }
    }

    /// True when what is bad is reached; false when the last frame has nothing bad any more.
    bool block_bad(Finding& finding) {
        while (const auto bad = frames_.bad_in(frames_.last())) {
            obligations_.clear();
            obligations_.push_back({bad->cube, bad->rule, kNone});
            if (const std::size_t start = discharge(); start != kNone) {
                finding.kind = Finding::Kind::kReached;
                for (std::size_t i = start; i != kNone; i = obligations_[i].after) finding.rules.push_back(obligations_[i].rule);
                return true;
            }
        }
        return false;
    }

    /// Blocks all obligations, or gives the one that holds the initial state.
    std::size_t discharge() {
        std::priority_queue<Due, std::vector<Due>, std::greater<>> queue;
        queue.push({frames_.last(), 0});
        while (!queue.empty()) {
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
            const std::size_t frame = block(core, due.frame);
            if (frame < frames_.last()) queue.push({frame + 1, due.obligation});
        }
        return kNone;
    }

    /// Generalises a cube that has no predecessor in the frame before, and blocks it as high as it goes.
    std::size_t block(Cube cube, std::size_t frame) {
        generalise(cube, frame - 1);
        Cube core;
        while (frame < frames_.last() && frames_.excluded_after(cube, frame, core)) {
            cube = core;
            ++frame;
        }
        frames_.block(cube, frame);
        return frame;
    }

    void generalise(Cube& cube, std::size_t frame) {
        Cube order = cube;
        std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return frames_.uses(a) < frames_.uses(b); });
        constexpr int kMostFailed = 8;  // in a row: a cube of a hundred literals would cost a hundred questions in vain
        int failed = 0;
        for (const std::int32_t literal : order) {
            const auto at = std::find(cube.begin(), cube.end(), literal);
            if (at == cube.end() || cube.size() == 1) continue;
            Cube smaller = cube;
            smaller.erase(smaller.begin() + (at - cube.begin()));
            if (excluded(smaller, frame)) {
                cube = std::move(smaller);
                failed = 0;
            } else if (++failed == kMostFailed) {
                return;
            }
        }
    }

    /// Whether the cube, made smaller still by the core, has no predecessor in the frame.
    bool excluded(Cube& cube, std::size_t frame) {
        if (frames_.holds_initial(cube)) return false;
        Cube core;
        if (!frames_.excluded_after(cube, frame, core)) return false;
        cube = std::move(core);
        return true;
    }

    Frames frames_;
    std::vector<Obligation> obligations_;
};

}  // namespace

Finding ic3(const Machine& machine, const Slice& slice, const EngineOptions& options, const TellDepth& tell) {
    return Ic3(machine, slice).run(options, tell);
}

}  // namespace imspect::symbolic
