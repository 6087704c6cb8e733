#include "checker/parameterised/merges.h"

#include <algorithm>

namespace imspect::parameterised {

namespace {

using Messages = std::vector<Scene::Message>;

void merge_into(const Messages& left, std::size_t l, const Messages& right, std::size_t r, const std::vector<std::uint8_t>& common,
                Messages& so_far, std::vector<Messages>& all) {
    if (l == left.size() && r == right.size()) return all.push_back(so_far);
    const auto shared = [&](const Scene::Message& message) {
        return std::find(common.begin(), common.end(), message.owner) != common.end();
    };
    const bool left_waits = l < left.size() && shared(left[l]);
    const bool right_waits = r < right.size() && shared(right[r]);
    const auto take = [&](const Scene::Message& message, std::size_t next_l, std::size_t next_r) {
        so_far.push_back(message);
        merge_into(left, next_l, right, next_r, common, so_far, all);
        so_far.pop_back();
    };
    if (l < left.size() && !left_waits) take(left[l], l + 1, r);
    if (r < right.size() && !right_waits) take(right[r], l, r + 1);
    if (left_waits && right_waits && left[l].owner == right[r].owner) take(left[l], l + 1, r + 1);
}

}  // namespace

std::vector<Messages> merges(const Messages& left, const Messages& right, const std::vector<std::uint8_t>& common) {
    std::vector<Messages> all;
    Messages so_far;
    merge_into(left, 0, right, 0, common, so_far, all);
    return all;
}

}  // namespace imspect::parameterised
