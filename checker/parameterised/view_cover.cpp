#include "checker/parameterised/view_cover.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <unordered_map>

#include <fmt/format.h>

namespace imspect::parameterised {

namespace {

using Field = ViewForm::Field;
using Meaning = Field::Meaning;

/// "hss.name[ue1,impu1]" is somebody's own: "hss.name[UE 2,impu1]" for the second UE seen.
std::string named_after(std::string name, const std::string& replica, std::size_t seen) {
    const std::size_t at = name.find(replica);
    return at == std::string::npos ? fmt::format("{} (UE {})", name, seen + 1) : name.replace(at, replica.size(), fmt::format("UE {}", seen + 1));
}

void add_own_fields(ViewForm& form, const Shape& shape, const std::vector<std::string>& names, const std::string& first_replica) {
    for (std::size_t seen = 0; seen < form.seen; ++seen) {
        for (const Place& place : shape.own[0]) {  // alike for all
            form.fields.push_back({named_after(names[place.slot], first_replica, seen), place.domain, place.token ? Meaning::kToken : Meaning::kValue});
        }
    }
}

void add_channel_fields(ViewForm& form, const Shape& shape, const std::vector<std::string>& names) {
    for (std::size_t c = 0; c < shape.channels.size(); ++c) {
        const Words& words = shape.channels[c];
        form.fields.push_back({fmt::format("{} messages", words.name), 0, Meaning::kLength});
        for (std::size_t at = 0; at < form.longest[c]; ++at) {
            if (form.seen > 1) form.fields.push_back({fmt::format("{}.{}.of", words.name, at), 0, Meaning::kOwner});
            for (const Place& place : words.fields[at]) {
                form.fields.push_back({names[place.slot], place.domain, place.token ? Meaning::kToken : Meaning::kValue});
            }
        }
    }
}

ViewRow row_of(const Scene& scene, const ViewForm& form, const Shape& shape) {
    ViewRow row;
    for (const std::uint8_t count : scene.counts) row.emplace_back(count);
    for (const Value value : scene.shared) row.emplace_back(value);
    for (const auto& own : scene.own) {
        for (const Value value : own) row.emplace_back(value);
    }
    for (std::size_t c = 0; c < scene.words.size(); ++c) {
        const auto& word = scene.words[c];
        row.emplace_back(static_cast<Value>(word.size()));
        const std::size_t width = shape.channels[c].fields[0].size();
        for (std::size_t at = 0; at < form.longest[c]; ++at) {
            const bool there = at < word.size();
            if (form.seen > 1) row.push_back(there ? std::optional<Value>(word[at].owner) : std::nullopt);
            for (std::size_t f = 0; f < width; ++f) row.push_back(there ? std::optional<Value>(word[at].fields[f]) : std::nullopt);
        }
    }
    return row;
}

/// The same view with its two UEs in the other order: names of tokens are each UE's own, so they stay.
Scene exchanged(Scene scene) {
    std::swap(scene.own[0], scene.own[1]);
    for (auto& word : scene.words) {
        for (Scene::Message& message : word) message.owner = message.owner == 0 ? 1 : 0;
    }
    return scene;
}

/// Lines while they are merged: sets of values by number, and for each line a sum that any field can be taken out of.
class Merging {
public:
    explicit Merging(const std::vector<ViewRow>& rows) {
        for (const ViewRow& row : rows) {
            Line line;
            for (std::size_t field = 0; field < row.size(); ++field) {
                line.sets.push_back(number_of(row[field] ? std::vector<Value>{*row[field]} : std::vector<Value>{}));
                line.sum += share(field, line.sets[field]);
            }
            lines_.push_back(std::move(line));
        }
    }

    [[nodiscard]] std::size_t size() const { return lines_.size(); }

    /// Lines that differ in this field only become one.
    void merge_in(std::size_t field) {
        std::unordered_map<std::uint64_t, std::vector<std::size_t>> by_rest;  // lines kept
        std::map<std::size_t, std::vector<std::size_t>> merged;               // by line kept: those that it takes up
        for (std::size_t i = 0; i < lines_.size(); ++i) {
            std::vector<std::size_t>& alike = by_rest[lines_[i].sum - share(field, lines_[i].sets[field])];
            const auto same = std::find_if(alike.begin(), alike.end(), [&](std::size_t kept) { return agree_but(kept, i, field); });
            if (same == alike.end()) alike.push_back(i);
            else merged[*same].push_back(i);
        }
        std::vector<bool> gone(lines_.size());
        for (const auto& [kept, others] : merged) {
            std::vector<Value> values = sets_[lines_[kept].sets[field]];
            for (const std::size_t other : others) {
                const std::vector<Value>& more = sets_[lines_[other].sets[field]];
                values.insert(values.end(), more.begin(), more.end());
                gone[other] = true;
            }
            std::sort(values.begin(), values.end());
            values.erase(std::unique(values.begin(), values.end()), values.end());
            lines_[kept].sum -= share(field, lines_[kept].sets[field]);
            lines_[kept].sets[field] = number_of(std::move(values));
            lines_[kept].sum += share(field, lines_[kept].sets[field]);
        }
        std::vector<Line> left;
        for (std::size_t i = 0; i < lines_.size(); ++i) {
            if (!gone[i]) left.push_back(std::move(lines_[i]));
        }
        lines_ = std::move(left);
    }

    [[nodiscard]] std::vector<CoverLine> lines() const {
        std::vector<CoverLine> result;
        for (const Line& line : lines_) {
            result.emplace_back();
            for (const std::size_t set : line.sets) result.back().push_back(sets_[set]);
        }
        std::sort(result.begin(), result.end());
        return result;
    }

private:
    struct Line {
        std::vector<std::size_t> sets;  ///< by field
        std::uint64_t sum = 0;
    };

    std::size_t number_of(std::vector<Value> values) {
        const auto [known, is_new] = numbers_.try_emplace(values, sets_.size());
        if (is_new) sets_.push_back(std::move(values));
        return known->second;
    }

    static std::uint64_t share(std::size_t field, std::size_t set) {
        std::uint64_t mixed = (field << 32U) + set + 0x9e3779b97f4a7c15U;
        mixed = (mixed ^ (mixed >> 30U)) * 0xbf58476d1ce4e5b9U;
        mixed = (mixed ^ (mixed >> 27U)) * 0x94d049bb133111ebU;
        return mixed ^ (mixed >> 31U);
    }

    [[nodiscard]] bool agree_but(std::size_t left, std::size_t right, std::size_t field) const {
        const auto& a = lines_[left].sets;
        const auto& b = lines_[right].sets;
        const auto at = static_cast<std::ptrdiff_t>(field);
        return std::equal(a.begin(), a.begin() + at, b.begin()) && std::equal(a.begin() + at + 1, a.end(), b.begin() + at + 1);
    }

    std::map<std::vector<Value>, std::size_t> numbers_;
    std::vector<std::vector<Value>> sets_;
    std::vector<Line> lines_;
};

/// The fields that are not alike in all rows.
std::vector<std::size_t> differing(const std::vector<ViewRow>& rows) {
    std::vector<std::size_t> fields;
    for (std::size_t field = 0; !rows.empty() && field < rows[0].size(); ++field) {
        if (std::any_of(rows.begin(), rows.end(), [&](const ViewRow& row) { return row[field] != rows[0][field]; })) fields.push_back(field);
    }
    return fields;
}

std::string value_for_people(const Field& field, Value value, const ir::System& system) {
    switch (field.meaning) {
        case Meaning::kCount: return value == field.most ? fmt::format("{} or more", value) : std::to_string(value);
        case Meaning::kLength: return std::to_string(value);
        case Meaning::kOwner: return fmt::format("UE {}", value + 1);
        case Meaning::kToken: return value == 0 ? "none" : fmt::format("token {}", value);
        case Meaning::kValue: break;
    }
    return system.domains[field.domain].value_name(value);
}

bool any_value(const Field& field, const std::vector<Value>& values, const ir::System& system) {
    if (field.meaning == Meaning::kCount) return values.size() == field.most + std::size_t{1};
    if (field.meaning != Meaning::kValue) return false;
    return values.size() == static_cast<std::size_t>(system.domains[field.domain].size());
}

}  // namespace

ViewCover cover_of(const std::vector<ViewCode>& codes, std::uint32_t seen, const std::vector<std::uint8_t>& most, const Shape& shape,
                   const std::vector<bool>& ordered, const std::vector<std::string>& names) {
    ViewCover cover;
    cover.views = codes.size();
    ViewForm& form = cover.form;
    form.seen = seen;
    form.aggregates = most.size();
    form.longest.assign(shape.channels.size(), 0);
    const Views views(shape, ordered);
    std::vector<Scene> scenes;
    for (const ViewCode& code : codes) {
        scenes.push_back(views.decode(code, seen, most.size()));
        if (seen == 2) scenes.push_back(exchanged(scenes.back()));
    }
    for (const Scene& scene : scenes) {
        for (std::size_t c = 0; c < scene.words.size(); ++c) form.longest[c] = std::max(form.longest[c], scene.words[c].size());
    }
    for (std::size_t i = 0; i < most.size(); ++i) form.fields.push_back({fmt::format("UEs that have quality {}", i + 1), 0, Meaning::kCount, most[i]});
    for (const Place& place : shape.shared) form.fields.push_back({names[place.slot], place.domain, Meaning::kValue});
    add_own_fields(form, shape, names, "ue1");
    add_channel_fields(form, shape, names);
    for (const Scene& scene : scenes) cover.rows.push_back(row_of(scene, form, shape));
    std::sort(cover.rows.begin(), cover.rows.end());
    cover.rows.erase(std::unique(cover.rows.begin(), cover.rows.end()), cover.rows.end());
    Merging merging(cover.rows);
    const std::vector<std::size_t> fields = differing(cover.rows);
    for (std::size_t before = merging.size() + 1; before != merging.size();) {
        before = merging.size();
        for (std::size_t i = fields.size(); i-- > 0;) merging.merge_in(fields[i]);
    }
    cover.lines = merging.lines();
    return cover;
}

std::string for_people(const ViewForm& form, const CoverLine& line, const ir::System& system) {
    std::vector<std::string> conditions;
    for (std::size_t i = 0; i < line.size(); ++i) {
        if (line[i].empty() || any_value(form.fields[i], line[i], system)) continue;
        std::vector<std::string> values;
        for (const Value value : line[i]) values.push_back(value_for_people(form.fields[i], value, system));
        conditions.push_back(values.size() == 1 ? fmt::format("{} = {}", form.fields[i].name, values[0])
                                                : fmt::format("{} in {{{}}}", form.fields[i].name, fmt::join(values, ", ")));
    }
    return conditions.empty() ? "anything" : fmt::format("{}", fmt::join(conditions, "; "));
}

}  // namespace imspect::parameterised
