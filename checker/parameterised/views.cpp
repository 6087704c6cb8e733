#include "checker/parameterised/views.h"

#include <algorithm>

namespace imspect::parameterised {

namespace {

constexpr Value kOffset = 8;  ///< lo of an optional identity is -1; a byte holds what is left

char byte(Value value) { return static_cast<char>(value + kOffset); }
Value value_of(char code) { return static_cast<Value>(static_cast<unsigned char>(code)) - kOffset; }

}  // namespace

Views::Views(const Shape& shape, const std::vector<bool>& ordered) : shape_(shape), token_index_(ordered.size(), 0) {
    for (std::size_t i = 0; i < shape.token_domains.size(); ++i) {
        token_index_[shape.token_domains[i]] = i;
        ordered_.push_back(ordered[shape.token_domains[i]]);
    }
    for (auto& names : names_) names.resize(shape.token_domains.size());
}

/// New names of tokens whose order matters: their ranks among the replica's.
void Views::rank_ordered(const Word* state, const std::uint8_t* replicas, std::size_t count) {
    if (std::find(ordered_.begin(), ordered_.end(), true) == ordered_.end()) return;
    std::array<std::array<std::uint64_t, 8>, kMostReplicas> used{};
    IMSPECT_REQUIRE(ordered_.size() <= 8, "more than eight domains of tokens");
    const auto use = [&](const Place& place, std::size_t seen) {
        if (place.token) used[seen][token_index(place.domain)] |= std::uint64_t{1} << static_cast<unsigned>(place.field.get(state));
    };
    for (std::size_t seen = 0; seen < count; ++seen) {
        for (const Place& place : shape_.own[replicas[seen]]) use(place, seen);
    }
    for (const Words& words : shape_.channels) {
        const auto length = static_cast<std::size_t>(words.length.get(state));
        for (std::size_t at = 0; at < length; ++at) {
            const auto* owner = std::find(replicas, replicas + count, static_cast<std::uint8_t>(words.owner[at].get(state)));
            if (owner == replicas + count) continue;
            for (const Place& place : words.fields[at]) use(place, static_cast<std::size_t>(owner - replicas));
        }
    }
    for (std::size_t seen = 0; seen < count; ++seen) {
        for (std::size_t domain = 0; domain < ordered_.size(); ++domain) {
            if (!ordered_[domain]) continue;
            Names& names = names_[seen][domain];
            for (std::size_t token = 1; token < kMostTokens; ++token) {
                if (((used[seen][domain] >> token) & 1U) != 0) names.name[token] = ++names.next;
            }
        }
    }
}

char Views::renamed(const Place& place, Value value, std::size_t seen) {
    if (!place.token || value == 0) return byte(value);
    Names& names = names_[seen][token_index(place.domain)];
    std::uint8_t& name = names.name[static_cast<std::size_t>(value)];
    if (name == 0) name = ++names.next;
    return byte(name);
}

void Views::view(const Word* state, const Counts& counts, const std::uint8_t* replicas, std::size_t count, ViewCode& code) {
    code.clear();
    for (const std::uint8_t count_of : counts) code += static_cast<char>(count_of);
    for (std::size_t seen = 0; seen < count; ++seen) std::fill(names_[seen].begin(), names_[seen].end(), Names{});
    rank_ordered(state, replicas, count);
    for (const Place& place : shape_.shared) code += byte(place.field.get(state));
    for (std::size_t seen = 0; seen < count; ++seen) {
        for (const Place& place : shape_.own[replicas[seen]]) code += renamed(place, place.field.get(state), seen);
    }
    for (const Words& words : shape_.channels) {
        const std::size_t count_at = code.size();
        code += '\0';
        const auto length = static_cast<std::size_t>(words.length.get(state));
        for (std::size_t at = 0; at < length; ++at) {
            const auto* owner = std::find(replicas, replicas + count, static_cast<std::uint8_t>(words.owner[at].get(state)));
            if (owner == replicas + count) continue;
            ++code[count_at];
            code += static_cast<char>(owner - replicas);
            for (const Place& place : words.fields[at]) {
                code += renamed(place, place.field.get(state), static_cast<std::size_t>(owner - replicas));
            }
        }
    }
}

void Views::canonical(const Word* state, const Counts& counts, const std::uint8_t* replicas, std::size_t count, ViewCode& code) {
    view(state, counts, replicas, count, code);
    if (count == 1) return;
    IMSPECT_REQUIRE(count == 2, "views are of one replica or two");
    const std::array<std::uint8_t, 2> exchanged = {replicas[1], replicas[0]};
    view(state, counts, exchanged.data(), 2, other_);
    if (other_ < code) code.swap(other_);
}

Scene Views::decode(const ViewCode& code, std::size_t replicas, std::size_t aggregates) const {
    Scene scene;
    std::size_t at = 0;
    while (at < aggregates) scene.counts.push_back(static_cast<std::uint8_t>(code[at++]));
    for (std::size_t i = 0; i < shape_.shared.size(); ++i) scene.shared.push_back(value_of(code[at++]));
    for (std::size_t r = 0; r < replicas; ++r) {
        std::vector<Value> values;
        for (std::size_t i = 0; i < shape_.own[r].size(); ++i) values.push_back(value_of(code[at++]));
        scene.own.push_back(std::move(values));
    }
    for (const Words& words : shape_.channels) {
        std::vector<Scene::Message> messages(static_cast<unsigned char>(code[at++]));
        for (Scene::Message& message : messages) {
            message.owner = static_cast<std::uint8_t>(code[at++]);
            for (std::size_t f = 0; f < words.fields[0].size(); ++f) message.fields.push_back(value_of(code[at++]));
        }
        scene.words.push_back(std::move(messages));
    }
    return scene;
}

bool Views::write(const Scene& scene, Word* state) const {
    // Tokens of replica i lie above those of the replicas before it, so that none is shared and all numbers are used.
    std::array<std::array<Value, 8>, kMostReplicas> base{};
    const auto most = [&](const Place& place, Value value, std::size_t replica) {
        if (!place.token) return;
        Value& greatest = base[replica][token_index(place.domain)];
        greatest = std::max(greatest, value);
    };
    const auto each_token = [&](auto&& visit) {
        for (std::size_t r = 0; r < scene.replicas(); ++r) {
            for (std::size_t i = 0; i < scene.own[r].size(); ++i) visit(shape_.own[r][i], scene.own[r][i], r);
        }
        for (std::size_t c = 0; c < scene.words.size(); ++c) {
            for (std::size_t at = 0; at < scene.words[c].size(); ++at) {
                const Scene::Message& message = scene.words[c][at];
                for (std::size_t f = 0; f < message.fields.size(); ++f) {
                    visit(shape_.channels[c].fields[at][f], message.fields[f], message.owner);
                }
            }
        }
    };
    for (std::size_t c = 0; c < scene.words.size(); ++c) {
        if (scene.words[c].size() > shape_.channels[c].owner.size()) return false;
    }
    each_token(most);
    for (std::size_t domain = 0; domain < shape_.token_domains.size(); ++domain) {
        Value used = 0;
        for (std::size_t r = 0; r < scene.replicas(); ++r) {
            const Value own = base[r][domain];
            base[r][domain] = used;
            used += own;
        }
    }
    for (std::size_t i = 0; i < scene.shared.size(); ++i) shape_.shared[i].field.set(state, scene.shared[i]);
    each_token([&](const Place& place, Value value, std::size_t replica) {
        place.field.set(state, place.token && value != 0 ? value + base[replica][token_index(place.domain)] : value);
    });
    for (std::size_t c = 0; c < scene.words.size(); ++c) {
        shape_.channels[c].length.set(state, static_cast<Value>(scene.words[c].size()));
        for (std::size_t at = 0; at < scene.words[c].size(); ++at) {
            shape_.channels[c].owner[at].set(state, scene.words[c][at].owner);
        }
    }
    return true;
}

std::uint32_t Views::most_messages(const Word* state, std::size_t channel) const {
    const Words& words = shape_.channels[channel];
    std::array<std::uint32_t, kMostReplicas> count{};
    const auto length = static_cast<std::size_t>(words.length.get(state));
    for (std::size_t at = 0; at < length; ++at) ++count[static_cast<std::size_t>(words.owner[at].get(state))];
    return *std::max_element(count.begin(), count.end());
}

}  // namespace imspect::parameterised
