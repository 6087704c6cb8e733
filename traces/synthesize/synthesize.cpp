#include "traces/synthesize/synthesize.h"

#include <algorithm>
#include <optional>

#include "model/ims/scenario.h"
#include "traces/decode/writer.h"
#include "traces/synthesize/cx_encoder.h"
#include "traces/synthesize/frames.h"
#include "traces/synthesize/network.h"
#include "traces/synthesize/schedule.h"
#include "traces/synthesize/sip_encoder.h"
#include "traces/synthesize/watchdog.h"

namespace imspect::synthesize {
namespace {

constexpr std::int64_t kStart = 1'700'000'000'000'000'000;  ///< any date does
constexpr std::int64_t kBesideNs = 1'000'000'000;           ///< of what shows that captures were running before the run and after it
constexpr std::int64_t kBetween = 300'000;                  ///< messages of one step follow each other by this, in ns

/// Longer than any timer takes to have shown its effect.
std::int64_t quiet() {
    double longest = 0;
    for (const ims::Timer& timer : ims::timers()) longest = std::max(longest, timer.seconds);
    return static_cast<std::int64_t>((longest * 5 / 4 + 10) * 1e9);
}

std::string name_of(const decode::SipMessage& message) {
    return message.request ? message.method : std::to_string(message.status);
}

std::string name_of(const decode::DiameterMessage& message) {
    const char* stem = message.command == decode::kUserAuthorization ? "UA" : message.command == decode::kMultimediaAuth ? "MA" : "SA";
    return std::string(stem) + (message.request ? "R" : "A");
}

/// One less by every proxy that a request has passed.
decode::ExtraFields max_forwards(Hop hop) {
    if (!goes_up(hop)) return {};
    return {{"Max-Forwards", std::to_string(70 - static_cast<int>(hop))}};
}

class Writer {
public:
    Writer(const Vocabulary& vocabulary, Run run, const Schedule& schedule, const Options& options)
        : random_(options.seed), options_(options), schedule_(schedule), hosts_(hosts(vocabulary)), scscfs_(vocabulary.scscfs.size()), frames_(options.by_host) {
        done_.run = std::move(run);
        credentials_.emplace(random_, vocabulary, done_.run);
        sip_.emplace(vocabulary, done_.run, random_, *credentials_);
        cx_.emplace(vocabulary, done_.run, random_, *credentials_);
    }

    Synthesised write() {
        if (options_.by_host) ping(kStart - kBesideNs);
        for (std::size_t i = 0; i < done_.run.messages.size(); ++i) {
            if (is_cx(done_.run.messages[i].hop)) {
                write_cx(i);
            } else {
                write_sip(i);
            }
        }
        if (options_.at_rest && frames_.count() > 0) write_watchdog();
        if (options_.by_host) ping(last_ + kBesideNs);
        done_.pcap = frames_.pcap();
        for (const Host& host : hosts_) {
            const auto own = frames_.by_host().find(host.at.address);
            if (own != frames_.by_host().end()) done_.by_host.push_back({host.name, dotted(host.at), own->second});
        }
        done_.frames = frames_.count();
        done_.subscribers = credentials_->subscribers();
        done_.untimely = schedule_.given_up;
        return std::move(done_);
    }

private:
    void write_sip(std::size_t i) {
        const std::optional<SipOnWire> wire = sip_->encode(i);
        if (!wire) return;
        show(i, name_of(wire->message), capture::Transport::kUdp, wire->from, wire->to,
             decode::write_sip(wire->message, max_forwards(done_.run.messages[i].hop)));
    }

    void write_cx(std::size_t i) {
        const std::optional<DiameterOnWire> wire = cx_->encode(i);
        if (!wire) return;
        const auto octets = decode::write_diameter(wire->message);
        show(i, name_of(wire->message), options_.cx, wire->from, wire->to, std::string(octets.begin(), octets.end()));
    }

    /// Round the hosts, so that the capture of each shows that it was running.
    void ping(std::int64_t time_ns) {
        for (std::size_t i = 0; i < hosts_.size(); ++i) {
            frames_.ping(time_ns + static_cast<std::int64_t>(i) * kBetween, hosts_[i].at, hosts_[(i + 1) % hosts_.size()].at);
        }
    }

    void write_watchdog() {
        last_ += quiet();
        for (std::size_t s = 0; s < scscfs_; ++s) {
            const capture::Endpoint scscf = scscf_at(s, static_cast<std::uint16_t>(kScscfCxPort + s));
            for (const decode::DiameterMessage& message : watchdog(random_, s, done_.run.starts_of(s, done_.run.steps.size()))) {
                const auto octets = decode::write_diameter(message);
                frames_.add(last_, options_.cx, message.request ? scscf : hss_at(), message.request ? hss_at() : scscf,
                            std::string(octets.begin(), octets.end()));
                last_ += kBetween;
            }
        }
    }

    void show(std::size_t i, std::string name, capture::Transport transport, const capture::Endpoint& from, const capture::Endpoint& to,
              const std::string& payload) {
        const std::size_t step = done_.run.messages[i].step;
        const std::int64_t time = std::max(kStart + schedule_.times_ns[step], last_ + kBetween);
        last_ = time;
        done_.shown.push_back({i, std::move(name), time, frames_.count() + 1});
        const Sent& sent = done_.run.messages[i];
        frames_.add(time, transport, from, to, payload, {!sent.forged, !sent.lost});
    }

    Source random_;
    Options options_;
    const Schedule& schedule_;
    std::vector<Host> hosts_;
    std::size_t scscfs_;
    Synthesised done_;
    Frames frames_;
    std::optional<Credentials> credentials_;
    std::optional<SipEncoder> sip_;
    std::optional<CxEncoder> cx_;
    std::int64_t last_ = 0;
};

}  // namespace

Result<Synthesised> synthesize(const ir::GroundSystem& ground, std::span<const std::uint32_t> rules, const Options& options) {
    const Result<Vocabulary> vocabulary = vocabulary_of(ground);
    if (!vocabulary) return vocabulary.error();
    const exec::Stepper stepper(ground);
    Result<Run> run = follow(stepper, vocabulary.value(), rules);
    if (!run) return run.error();
    const std::size_t steps = run.value().steps.size();
    const Schedule schedule = solve(steps, constraints_of(stepper, vocabulary.value(), run.value(), options.seed));
    return Writer(vocabulary.value(), std::move(run).value(), schedule, options).write();
}

}  // namespace imspect::synthesize
