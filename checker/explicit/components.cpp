#include "checker/explicit/components.h"

#include <boost/graph/graph_traits.hpp>
#include <boost/graph/strong_components.hpp>
#include <boost/iterator/counting_iterator.hpp>
#include <boost/property_map/property_map.hpp>

namespace imspect::explore {

namespace {

/// A model of Boost's VertexListGraph and IncidenceGraph over the members of a region.
struct RegionView {
    const EdgeGraph* graph = nullptr;
    const Region* region = nullptr;
    const SearchOptions* options = nullptr;
};

/// Boost's algorithm has no other way out; caught where it is called.
struct Interrupted {};

struct ViewEdge {
    std::uint32_t source = 0;
    std::uint32_t target = 0;
    bool operator==(const ViewEdge&) const = default;
};

/// Out-edges of a member that stay in the region.
class ViewEdgeIterator : public boost::iterator_facade<ViewEdgeIterator, ViewEdge, boost::forward_traversal_tag, ViewEdge> {
public:
    ViewEdgeIterator() = default;
    ViewEdgeIterator(const RegionView* view, std::uint32_t source, std::uint64_t edge, std::uint64_t end)
        : view_(view), source_(source), edge_(edge), end_(end) {
        skip();
    }

private:
    friend class boost::iterator_core_access;
    void skip() {
        while (edge_ < end_ && !view_->region->has(view_->graph->target(edge_))) ++edge_;
    }
    void increment() {
        ++edge_;
        skip();
    }
    [[nodiscard]] bool equal(const ViewEdgeIterator& other) const { return edge_ == other.edge_; }
    [[nodiscard]] ViewEdge dereference() const {
        return {source_, view_->region->member_of[view_->graph->target(edge_)]};
    }

    const RegionView* view_ = nullptr;
    std::uint32_t source_ = 0;
    std::uint64_t edge_ = 0;
    std::uint64_t end_ = 0;
};

struct ViewCategory : boost::vertex_list_graph_tag, boost::incidence_graph_tag {};

// Found by argument-dependent lookup, as Boost.Graph asks of a graph type.
[[maybe_unused]] std::uint32_t source(const ViewEdge& edge, const RegionView&) { return edge.source; }
[[maybe_unused]] std::uint32_t target(const ViewEdge& edge, const RegionView&) { return edge.target; }
[[maybe_unused]] std::size_t num_vertices(const RegionView& view) { return view.region->members.size(); }
[[maybe_unused]] auto vertices(const RegionView& view) {
    using Iterator = boost::counting_iterator<std::uint32_t>;
    return std::pair<Iterator, Iterator>(Iterator(0), Iterator(static_cast<std::uint32_t>(num_vertices(view))));
}
[[maybe_unused]] std::pair<ViewEdgeIterator, ViewEdgeIterator> out_edges(std::uint32_t vertex, const RegionView& view) {
    if (view.options->interrupted()) throw Interrupted{};
    const StateId id = view.region->members[vertex];
    const std::uint64_t end = view.graph->end(id);
    return {ViewEdgeIterator(&view, vertex, view.graph->begin(id), end), ViewEdgeIterator(&view, vertex, end, end)};
}
[[maybe_unused]] std::size_t out_degree(std::uint32_t vertex, const RegionView& view) {
    const auto [begin, end] = out_edges(vertex, view);
    return static_cast<std::size_t>(std::distance(begin, end));
}

}  // namespace

}  // namespace imspect::explore

namespace boost {
template <>
struct graph_traits<imspect::explore::RegionView> {
    using vertex_descriptor = std::uint32_t;
    using edge_descriptor = imspect::explore::ViewEdge;
    using directed_category = directed_tag;
    using edge_parallel_category = allow_parallel_edge_tag;
    using traversal_category = imspect::explore::ViewCategory;
    using vertex_iterator = counting_iterator<std::uint32_t>;
    using out_edge_iterator = imspect::explore::ViewEdgeIterator;
    using vertices_size_type = std::size_t;
    using edges_size_type = std::size_t;
    using degree_size_type = std::size_t;
    static vertex_descriptor null_vertex() { return 0xffffffffU; }
};
}  // namespace boost

namespace imspect::explore {

void Region::add(StateId id) {
    member_of[id] = static_cast<std::uint32_t>(members.size());
    members.push_back(id);
}

namespace {

/// Fills in of_member; gives the number of components.
std::size_t number_components(const RegionView& view, Components& result) {
    const std::size_t n = view.region->members.size();
    result.of_member.resize(n);
    std::vector<std::uint32_t> root(n);
    std::vector<std::uint32_t> discovered(n);
    std::vector<boost::default_color_type> color(n);
    const boost::typed_identity_property_map<std::uint32_t> index;
    return boost::strong_components(
        view, boost::make_iterator_property_map(result.of_member.begin(), index),
        boost::root_map(boost::make_iterator_property_map(root.begin(), index))
            .discover_time_map(boost::make_iterator_property_map(discovered.begin(), index))
            .color_map(boost::make_iterator_property_map(color.begin(), index))
            .vertex_index_map(index));
}

void collect_cyclic(const RegionView& view, std::size_t count, Components& result) {
    const Region& region = *view.region;
    std::vector<std::uint32_t> slot(count, kNoMember);  // component → index into cyclic
    for (std::uint32_t m = 0; m < region.members.size(); ++m) {
        const std::uint32_t component = result.of_member[m];
        if (slot[component] != kNoMember) continue;
        const auto [begin, end] = out_edges(m, view);
        for (auto edge = begin; edge != end; ++edge) {
            if (result.of_member[(*edge).target] != component) continue;
            slot[component] = static_cast<std::uint32_t>(result.cyclic.size());
            result.cyclic.emplace_back();
            break;
        }
    }
    for (std::uint32_t m = 0; m < region.members.size(); ++m) {
        const std::uint32_t at = slot[result.of_member[m]];
        if (at != kNoMember) result.cyclic[at].push_back(region.members[m]);
    }
}

}  // namespace

std::optional<Components> strong_components_of(const EdgeGraph& graph, const Region& region, const SearchOptions& options) {
    const RegionView view{&graph, &region, &options};
    Components result;
    try {
        collect_cyclic(view, number_components(view, result), result);
    } catch (const Interrupted&) {
        return std::nullopt;
    }
    return result;
}

}  // namespace imspect::explore
