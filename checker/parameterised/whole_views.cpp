#include "checker/parameterised/whole_views.h"

#include <fmt/format.h>

#include "checker/parameterised/cone.h"
#include "checker/parameterised/cutoff.h"

namespace imspect::parameterised {

namespace {

/// It holds whatever happens.
monitor::Observer no_property(const ir::GroundSystem& ground) {
    monitor::Observer observer;
    observer.id = "nothing";
    observer.first_register = static_cast<ir::SlotId>(ground.variables.size());
    observer.formula = ground.pool().boolean(true);
    observer.step_formula.assign(ground.rules.size(), ground.pool().boolean(true));
    return observer;
}

}  // namespace

Result<WholeViews> find_whole_views(const ir::GroundSystem& ground, const std::vector<bool>& asked, const std::vector<bool>& kept,
                                    const ViewLimits& limits) {
    Result<Localised> localised = localise(ground, {no_property(ground)}, cone_of_influence(ground, asked, kept));
    if (!localised) return localised.error();
    const Result<ir::DomainId> replicas = replica_domain(*ground.system);
    if (!replicas) return replicas.error();
    const explore::Product drawn(localised.value().ground, {&localised.value().observers[0]});
    const Result<Shape> shape = shape_of(drawn, replicas.value());
    if (!shape) return shape.error();
    const Result<Cutoff> cutoff = find_cutoff(localised.value(), shape.value());
    if (!cutoff) return cutoff.error();
    if (cutoff.value().aggregates.size() > kMostAggregates) return Error{"whole", "too many qualities to count", {}, {}, {}};
    const explore::Product product(localised.value().ground, {&localised.value().observers[0]});
    const ViewAnswer answer = ViewSearch(product, localised.value(), shape.value(), cutoff.value(), 1, limits).run();
    const auto useless = [](std::string why) { return Error{"whole", std::move(why), {}, {}, {}}; };
    if (answer.kind != ViewAnswer::Kind::kInductive) return useless(answer.limit);
    if (!answer.bounds_reached.empty()) return useless(fmt::format("bounds were met: {}", fmt::join(answer.bounds_reached, ", ")));
    return WholeViews{{std::move(localised).value(), shape.value(), cutoff.value(), 1, limits.messages, {}, answer.codes, {}, {}}};
}

}  // namespace imspect::parameterised
