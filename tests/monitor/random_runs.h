// Random runs of small systems, as observers and their oracle read them.
#pragma once

#include <random>
#include <string>
#include <vector>

#include "properties/monitor/observer.h"
#include "tests/support/past_time.h"

namespace imspect::tests {

/// Domains of the system's slots, then of the registers.
std::vector<ir::DomainId> domains_of(const ir::GroundSystem& ground, const std::vector<monitor::Register>& registers);
ir::Value newest_token(const ir::GroundSystem& ground, const std::vector<ir::DomainId>& domains, const naive::State& state);
/// Rules of a random run of the system.
std::vector<std::size_t> random_run(const ir::GroundSystem& ground, std::mt19937& random, std::size_t steps);
/// The run's positions with tokens that are never used again: what the oracle reads.
std::vector<naive::Position> positions_of(const ir::GroundSystem& ground, const std::vector<std::size_t>& run);

struct Compiled {
    ir::GroundSystem ground;
    language::Property property;
    monitor::Observer observer;
};
Compiled compiled(ir::GroundSystem ground, const std::string& text);

}  // namespace imspect::tests
