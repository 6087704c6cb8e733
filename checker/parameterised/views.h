// Views: what a state looks like when only some replicas are seen.
//
// A view of k replicas holds the shared slots, what is these replicas' own, and their messages in order; the names of the
// replicas do not count, and tokens are renamed replica by replica, for nothing compares tokens of two replicas (cutoff.h
// checks that). A state of any number of replicas has a view for every k of them.
// A view is a string of bytes: the counts of aggregates, the shared slots, each replica's own, each channel's number of messages and the messages
// with their owners. Cost: linear in that string. Thread-safety: const, but for one scratch map: one thread each.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "checker/parameterised/shape.h"

namespace imspect::parameterised {

using ViewCode = std::string;

/// By aggregate, how many of all replicas have the quality: 0, 1, or 2 for more. Part of every view.
using Counts = std::vector<std::uint8_t>;

/// A view taken apart.
struct Scene {
    struct Message {
        std::uint8_t owner = 0;  ///< position among the replicas seen
        std::vector<Value> fields;
        bool operator==(const Message&) const = default;
    };
    Counts counts;
    std::vector<Value> shared;
    std::vector<std::vector<Value>> own;
    std::vector<std::vector<Message>> words;  ///< by channel

    [[nodiscard]] std::size_t replicas() const { return own.size(); }
};

class Views {
public:
    /// `ordered`: by domain, whether the order of tokens matters; elsewhere any renaming keeps what a view means.
    Views(const Shape& shape, const std::vector<bool>& ordered);

    /// The view of these replicas, in this order.
    void view(const Word* state, const Counts& counts, const std::uint8_t* replicas, std::size_t count, ViewCode& code);
    /// The lesser of a view of two replicas in both orders; that of one as it is.
    void canonical(const Word* state, const Counts& counts, const std::uint8_t* replicas, std::size_t count, ViewCode& code);

    [[nodiscard]] Scene decode(const ViewCode& code, std::size_t replicas, std::size_t aggregates) const;
    /// Sets the slots of the scene's replicas; tokens of different replicas are made different. `state` is the initial one
    /// beforehand. False: a channel is too short.
    [[nodiscard]] bool write(const Scene& scene, Word* state) const;

    /// The most messages that one replica has in a channel.
    [[nodiscard]] std::uint32_t most_messages(const Word* state, std::size_t channel) const;

private:
    static constexpr std::size_t kMostTokens = 64;
    static constexpr std::size_t kMostReplicas = 4;
    struct Names {
        std::array<std::uint8_t, kMostTokens> name{};
        std::uint8_t next = 0;
    };

    [[nodiscard]] std::size_t token_index(ir::DomainId domain) const { return token_index_[domain]; }
    void rank_ordered(const Word* state, const std::uint8_t* replicas, std::size_t count);
    char renamed(const Place& place, Value value, std::size_t seen);

    const Shape& shape_;
    std::vector<std::size_t> token_index_;               ///< by domain, into the token domains of the shape
    std::vector<bool> ordered_;                          ///< by token domain of the shape
    std::array<std::vector<Names>, kMostReplicas> names_;  ///< by replica seen and token domain
    ViewCode other_;
};

}  // namespace imspect::parameterised
