#include "traces/bind/clock_offsets.h"

#include <algorithm>

#include "traces/bind/nonce.h"

namespace imspect::bind {

namespace {

// Places in a procedure: REGISTER by hops, MAR, MAA, final response by hops.
constexpr int kMar = 100;
constexpr int kMaa = 101;
constexpr int kResponses = 200;
constexpr int kMostVias = 50;

constexpr std::int64_t kSlackNs = 1'000'000;  ///< between the ends of a link, and what time stamps are rounded by
constexpr std::size_t kFewestPairs = 3;

std::string nonce_of(const decode::SipMessage& message) {
    for (const decode::Digest& digest : message.www_authenticate) {
        if (digest.has("nonce")) return av_key(digest.get("nonce"));
    }
    return {};
}

/// The value that a tenth of the values is above, or below.
std::int64_t nearly_greatest(std::vector<std::int64_t>& values) {
    const auto at = values.end() - 1 - static_cast<std::ptrdiff_t>(values.size() / 10);
    std::nth_element(values.begin(), at, values.end());
    return *at;
}
std::int64_t nearly_least(std::vector<std::int64_t>& values) {
    const auto at = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 10);
    std::nth_element(values.begin(), at, values.end());
    return *at;
}

}  // namespace

void ClockOffsets::message(std::size_t file, const decode::Message& message) {
    if (message.time_ns == 0) return;
    if (const auto* const sip_message = std::get_if<decode::SipMessage>(&message.content)) return sip(file, *sip_message, message.time_ns);
    diameter(file, std::get<decode::DiameterMessage>(message.content), message.time_ns);
}

void ClockOffsets::see(std::vector<Sight>& sights, Sight sight) {
    const auto same = [&](const Sight& one) { return one.file == sight.file && one.place == sight.place; };
    if (std::none_of(sights.begin(), sights.end(), same)) sights.push_back(sight);
}

void ClockOffsets::sip(std::size_t file, const decode::SipMessage& message, std::int64_t time_ns) {
    if (message.method != "REGISTER" || message.call_id.empty() || !message.cseq || message.vias.size() > kMostVias) return;
    if (!message.request && message.status < 200) return;
    const std::string key = message.call_id + ' ' + std::to_string(*message.cseq);
    if (chains_.size() >= kMostChains && chains_.count(key) == 0) return;
    Chain& chain = chains_[key];
    const auto hop = static_cast<Place>(message.vias.size());
    see(chain.sights, {file, message.request ? hop : kResponses + kMostVias - hop, time_ns});
    if (!message.request && chain.nonce.empty()) chain.nonce = nonce_of(message);
}

void ClockOffsets::diameter(std::size_t file, const decode::DiameterMessage& message, std::int64_t time_ns) {
    if (message.session_id.empty()) return;
    const std::string session = message.session_id + ' ' + std::to_string(message.command);
    if (sessions_.size() < kMostChains || sessions_.count(session) != 0) see(sessions_[session], {file, message.request ? kMar : kMaa, time_ns});
    if (message.command != decode::kMultimediaAuth) return;
    if (message.request) {
        if (requests_.size() < kMostChains) see(requests_[message.session_id], {file, kMar, time_ns});
        return;
    }
    // Only a lone vector says which run it is for: others may be challenged with later.
    if (message.auth_items.size() != 1 || message.auth_items[0].authenticate.empty() || vectors_.size() >= kMostChains) return;
    std::vector<Sight>& sights = vectors_[av_key(message.auth_items[0].authenticate)];
    see(sights, {file, kMaa, time_ns});
    if (const auto asked = requests_.find(message.session_id); asked != requests_.end()) {
        for (const Sight& sight : asked->second) see(sights, sight);
    }
}

std::map<ClockOffsets::Pair, ClockOffsets::Bounds> ClockOffsets::bounds() const {
    std::map<Pair, Bounds> all;
    for (const auto& [key, chain] : chains_) {
        std::vector<Sight> sights = chain.sights;
        if (const auto vector = vectors_.find(chain.nonce); !chain.nonce.empty() && vector != vectors_.end()) {
            sights.insert(sights.end(), vector->second.begin(), vector->second.end());
        }
        relate(sights, all);
    }
    for (const auto& [session, sights] : sessions_) relate(sights, all);
    return all;
}

void ClockOffsets::relate(const std::vector<Sight>& sights, std::map<Pair, Bounds>& into) {
    for (const Sight& one : sights) {
        for (const Sight& other : sights) {
            if (one.file >= other.file) continue;
            Bounds& bounds = into[{one.file, other.file}];
            const std::int64_t difference = one.time_ns - other.time_ns;
            if (one.place <= other.place) bounds.at_least.push_back(difference);
            if (one.place >= other.place) bounds.at_most.push_back(difference);
        }
    }
}

ClockOffset ClockOffsets::settle(Bounds bounds) {
    ClockOffset result;
    result.pairs = bounds.at_least.size() + bounds.at_most.size();
    if (result.pairs < kFewestPairs) return {};
    const std::int64_t least = bounds.at_least.empty() ? nearly_least(bounds.at_most) : nearly_greatest(bounds.at_least);
    const std::int64_t most = bounds.at_most.empty() ? least : nearly_least(bounds.at_most);
    const bool may_agree = (bounds.at_least.empty() || least <= kSlackNs) && (bounds.at_most.empty() || most >= -kSlackNs);
    if (!may_agree) result.add_ns = least + (most - least) / 2;
    result.contradictory = least > most + 2 * kSlackNs;
    return result;
}

std::vector<ClockOffset> ClockOffsets::estimate(const std::vector<std::optional<std::int64_t>>& given) const {
    const std::map<Pair, Bounds> all = bounds();
    std::vector<ClockOffset> result(given.size());
    std::vector<bool> placed(given.size(), false);
    for (std::size_t i = 0; i < given.size(); ++i) {
        if (given[i]) result[i].add_ns = *given[i];
        placed[i] = given[i].has_value();
    }
    if (!given.empty() && std::find(placed.begin(), placed.end(), true) == placed.end()) placed[0] = true;
    // The capture that most pairs relate to one in place comes next.
    for (;;) {
        std::size_t best = 0;
        std::size_t next = given.size();
        ClockOffset offset;
        for (const auto& [pair, bounds] : all) {
            if (placed[pair.first] == placed[pair.second]) continue;
            const bool forward = placed[pair.first];
            const std::size_t pairs = bounds.at_least.size() + bounds.at_most.size();
            if (pairs <= best) continue;
            best = pairs;
            next = forward ? pair.second : pair.first;
            // Seen from the capture in place, whose own offset moves the other's.
            const std::int64_t moved = result[forward ? pair.first : pair.second].add_ns;
            Bounds shifted;
            for (const std::int64_t value : bounds.at_least) (forward ? shifted.at_least : shifted.at_most).push_back((forward ? value : -value) + moved);
            for (const std::int64_t value : bounds.at_most) (forward ? shifted.at_most : shifted.at_least).push_back((forward ? value : -value) + moved);
            offset = settle(std::move(shifted));
        }
        if (next == given.size()) return result;
        result[next] = offset;
        placed[next] = true;
    }
}

std::int64_t ClockOffsets::doubt(Bounds bounds, std::int64_t added) {
    if (bounds.at_least.empty() || bounds.at_most.empty()) return kUnknownNs;
    const std::int64_t least = nearly_greatest(bounds.at_least);
    const std::int64_t most = nearly_least(bounds.at_most);
    return std::max({most - added, added - least, std::int64_t{0}}) + kSlackNs;
}

ClockDoubts ClockOffsets::doubts(const std::vector<ClockOffset>& added, const std::vector<std::optional<std::int64_t>>& given) const {
    const std::size_t captures = added.size();
    ClockDoubts result(captures);
    for (std::size_t one = 0; one < captures; ++one) {
        for (std::size_t other = one + 1; other < captures; ++other) result.set(one, other, given[one] && given[other] ? 0 : kUnknownNs);
    }
    for (auto& [pair, between] : bounds()) {
        const auto [one, other] = pair;
        if (given[one] && given[other]) continue;
        result.set(one, other, doubt(between, added[other].add_ns - added[one].add_ns));
    }
    for (std::size_t by = 0; by < captures; ++by) {  // what a third clock bounds
        for (std::size_t one = 0; one < captures; ++one) {
            for (std::size_t other = 0; other < captures; ++other) {
                const std::int64_t detour = result.between(one, by) + result.between(by, other);
                if (one != other && detour < result.between(one, other)) result.set(one, other, detour);
            }
        }
    }
    return result;
}

}  // namespace imspect::bind
