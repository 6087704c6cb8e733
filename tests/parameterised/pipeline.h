// The steps of a proof for any number of UEs, one by one, so that tests can look between them. Thread-safety: one thread.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "checker/parameterised/message_orders.h"
#include "checker/parameterised/view_search.h"

namespace imspect::tests {

struct Pipeline {
    ir::GroundSystem ground;
    parameterised::Localised unordered;  ///< before orders of messages were noted
    std::vector<parameterised::MessageOrder> orders;
    parameterised::Localised concrete;   ///< before registers answered its aggregates: every replica acts
    parameterised::Localised localised;
    parameterised::Shape shape;
    parameterised::Cutoff cutoff;
    std::unique_ptr<explore::Product> all;  ///< of `concrete`; its slots lie as those of `product`
    std::unique_ptr<explore::Product> product;
    std::string refused;  ///< by cutoff

    [[nodiscard]] parameterised::ViewAnswer search(std::uint32_t seen, std::uint32_t messages) const;
};

struct Apart {
    bool split = false;         ///< the property's qualities are taken apart
    bool early_timers = false;
    const char* orders = nullptr;  ///< those whose words end so are noted; "": all
};

/// shared-impu, without early timers if not asked for, under these readings, `seen` + 2 UEs, with the nodes and token domains named kept.
std::unique_ptr<Pipeline> pipeline(const std::string& property, const std::vector<std::string>& nodes,
                                   const std::vector<std::string>& tokens, std::uint32_t seen, const std::vector<std::string>& readings,
                                   const Apart& apart = {});

}  // namespace imspect::tests
