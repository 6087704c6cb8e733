// Scenarios: how many UEs, IMPUs and S-CSCFs, which faults and attacker powers, which bounds, which readings.
//
// A scenario is JSON (docs/schema/scenario.schema.json); the shipped ones are compiled in. `build` turns one into the
// system of TS 33.203's rules under those bounds. Every bound is data here and is printed beside every verdict.
// Errors: one message with the file and the path of the offending key ("/faults/kinds/2"), and what was expected.
// Thread-safety: values.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "model/ir/system.h"
#include "model/result.h"

namespace imspect::ims {

struct UeConfig {
    std::string name;                ///< "ue1"; its IMPI is "impi1"
    std::vector<std::string> impus;  ///< the IMPUs it may register, in its implicit set or not
};

struct Scenario {
    std::string name;
    std::string about;
    std::vector<UeConfig> ues;
    std::vector<std::vector<std::string>> implicit_sets;  ///< IMPUs that share their registration
    std::uint32_t scscfs = 1;
    std::uint32_t attempts = 1;  ///< how often each UE's user asks for service
    std::uint32_t avs = 2;       ///< m: AVs asked for in a CM1
    std::uint32_t channel_capacity = 2;
    std::uint32_t tokens = 7;  ///< AVs (RANDs) and runs alive at once, a bound of the representation
    std::uint32_t fault_budget = 0;
    std::vector<std::string> faults;    ///< kinds switched on; names as in ims::fault_kinds()
    std::vector<std::string> attacker;  ///< powers switched on; names as in ims::attacker_powers()
    std::uint32_t attacker_budget = 0;
    std::vector<std::string> features;            ///< detail: "expiry", "deregistration", "spi", "lifetimes", ...
    std::map<std::string, std::string> readings;  ///< switch → value; those not named have their default
    std::map<std::string, std::string> profiles;  ///< node → profile
};

/// A shipped scenario by name, else a file's content is expected: see read_scenario.
const std::vector<std::string>& shipped_scenarios();
Result<Scenario> shipped_scenario(std::string_view name);
Result<Scenario> read_scenario(std::string_view text, std::string file);

/// `SWITCH=VALUE`, or `letter` for the excerpt's literal words everywhere.
Result<bool> apply_reading(Scenario& scenario, std::string_view argument);
/// `NODE=NAME`: the readings of an implementation for one node.
Result<bool> apply_profile(Scenario& scenario, std::string_view argument);

Result<std::shared_ptr<ir::System>> build(const Scenario& scenario);

struct Reading {
    std::string name;
    std::vector<std::string> values;       ///< the first is the default
    std::vector<std::string> value_about;  ///< what each value means
    std::string letter;                    ///< the excerpt's literal reading; empty: the default is
    std::vector<std::string> clauses;
    std::string about;
};
const std::vector<Reading>& readings();

/// One normative statement of the excerpt, in our own words. Which rules and properties encode it is found from their
/// own citations of `id`.
struct Statement {
    std::string id;        ///< "6.1.2.2-c"
    std::string clause;    ///< "6.1.2.2"
    std::string modality;  ///< "shall", "should", "may", "informative"
    std::string summary;
};
const std::vector<Statement>& statements();

struct Described {
    std::string name;
    std::string about;
};
const std::vector<Described>& fault_kinds();
const std::vector<Described>& attacker_powers();
const std::vector<Described>& features();
struct Timer {
    std::string name;
    double seconds = 0;
    std::string about;
};
const std::vector<Timer>& timers();
struct Profile {
    std::string node;
    std::string name;
    std::string about;
    std::map<std::string, std::string> readings;
};
const std::vector<Profile>& profiles();

}  // namespace imspect::ims
