// Orders of messages: whether one of some kind is ahead of one of another in a channel, whoever sent them.
//
// A view of one replica does not show the order of two replicas' messages, and some proofs need it: a CM3 under way was sent before
// any Put(registered) that is under way. So a register is added for two kinds A and B that no message is both of. It becomes true
// when a B is appended while an A is under way, false after a step that leaves no A or no B there, and stays what it is otherwise. Messages are
// appended at the end and leave at the head (cutoff.h refuses anything else), so, by induction over steps: *where an A is ahead
// of a B, the register is true*. Hence a rule that takes an A, the first message, may as well ask that the register is true or no B
// is under way: that is so wherever it fires, and no run is lost. "No B is under way" is an aggregate like any other (aggregates.h).
// Cost: rules times orders. Thread-safety: extends the ground system's pool, one thread.
#pragma once

#include <compare>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "checker/parameterised/localise.h"

namespace imspect::parameterised {

/// Messages of one channel whose fields have these values.
struct MessageKind {
    std::size_t channel = 0;  ///< index into the ground system's channels
    std::map<std::size_t, ir::Value> fields;
    auto operator<=>(const MessageKind&) const = default;
};

/// The register says whether a message of the first kind may be ahead of one of the second.
struct MessageOrder {
    MessageKind first;
    MessageKind second;
    auto operator<=>(const MessageOrder&) const = default;
};

/// Orders that may matter where the rule takes its message: what of the same channel, handled before it, changes what the rule or a
/// formula about its step reads. None where it takes no message.
[[nodiscard]] std::vector<MessageOrder> orders_before(const Localised& localised, ir::DomainId replicas, std::size_t rule);

/// Adds a register for each, and to the guards what follows from them. `replicas` as for orders_before.
void note_orders(Localised& localised, ir::DomainId replicas, const std::vector<MessageOrder>& orders);

/// The order in words, for the head of a certificate: "cx_sh[scscf1]: kind = registered_put ahead of kind = clear".
[[nodiscard]] std::string words(const Localised& localised, const MessageOrder& order);

}  // namespace imspect::parameterised
