// The audit: events of one subscriber after the other against the rules that `check` explores.
//
// `event` takes events in capture order; `finish` settles what is open. For each unit (IMPIs and IMPUs connected by sharing) the set of
// model states consistent with the events so far is kept (traces/conform/), values are checked apart (values.h), and timers are judged by
// time stamps. Findings and procedures come out as AuditAnswer. Thread-safety: one thread.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "model/result.h"
#include "traces/bind/clock_offsets.h"
#include "traces/bind/event.h"
#include "traces/conform/finding.h"
#include "traces/conform/hosts.h"

namespace imspect::conform {

struct SubscriberKey {
    std::vector<std::uint8_t> k, op, opc;  ///< 16 octets each; op or opc
};

struct AuditOptions {
    std::map<std::string, double> timers;          ///< seconds, by name of ims::timers(); those absent have the default
    std::map<std::string, std::string> readings;   ///< fixed by the user
    std::map<std::string, std::string> profiles;   ///< node to profile
    std::vector<std::string> properties;           ///< of judged_properties() (judged.h): findings about others are left out; empty: all findings
    std::map<std::string, SubscriberKey> keys;     ///< by IMPI
    std::vector<TakenAt> taken;                    ///< captures taken on hosts
    bind::ClockDoubts clocks;                      ///< of the captures; as it is made here: none
    std::size_t held = 100'000;                    ///< events kept before idle units are settled and let go
    std::uint64_t explanations = 20'000;           ///< cap; past it a unit is unknown, 'too many explanations'
};

class Auditor {
public:
    explicit Auditor(AuditOptions options);
    ~Auditor();
    void event(const bind::Event& event);
    /// No more events. `bound` tells which hops were captured; `summaries` from when to when and what was lost.
    AuditAnswer finish(std::vector<capture::CaptureSummary> captures, const decode::DecodeSummary& decoded,
                       const bind::BindSummary& bound);

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace imspect::conform
