// Judges the events of one unit: walks through them with ever more allowance, and where no walk gets by, finds the nearest
// conforming continuation, so that one deviation hides no other.
//
// In order: the rules under default readings, from a network in which nothing has happened, then from any state of rest, then with
// one or two unseen faults a procedure; one message that the capture lost though its consequence shows; another reading of the
// text (a note); a deviation known from real cores (`readings` has them; a finding); a fault that no message shows (last_resort.h; a
// note or warning); a message that was never sent, an unknown state (findings).
// Cost: most units pass the first walk. Memory: that of one unit's events. Thread-safety: one thread.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "traces/conform/auditor.h"
#include "traces/conform/observers.h"
#include "traces/conform/walk.h"

namespace imspect::conform {

struct JudgeSettings {
    WalkLimits limits;
    std::map<std::string, std::string> readings;  ///< fixed by the user
};

/// A finding about one of the unit's events; `event` is the offending one, `causes` are those that led to it.
struct Deviation {
    Finding finding;
    std::size_t event = 0;
};

struct UnitJudgement {
    std::vector<Deviation> deviations;
    std::vector<Mark> marks;              ///< by event
    bool observed_whole = true;           ///< false: there were too many explanations to follow every property
    std::vector<std::size_t> open;        ///< events of which it is unknown whether they break the properties asked for
    std::vector<std::string> readings;    ///< non-default ones that it took
    std::string unknown;                  ///< why nothing can be said from some event on
    Position carried;                     ///< where the next events of the unit go on
    std::size_t peak = 0;
};

class Judge {
public:
    Judge(MachineCache& machines, InitialStates& rest, Observers& observers, JudgeSettings settings)
        : machines_(machines), rest_(rest), observers_(observers), settings_(std::move(settings)) {}

    /// `from` without states: the capture begins here.
    /// Events whose order the clocks leave undecided are put into the order that explains most.
    UnitJudgement judge(const Shape& shape, std::vector<UnitEvent>& events, Position from);

private:
    MachineCache& machines_;
    InitialStates& rest_;
    Observers& observers_;
    JudgeSettings settings_;
};

}  // namespace imspect::conform
