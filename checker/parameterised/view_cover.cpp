#include "checker/parameterised/view_cover.h"

#include <algorithm>
#include <map>

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

/// Lines that differ in this field only become one.
std::vector<CoverLine> merged_in(const std::vector<CoverLine>& lines, std::size_t field) {
    std::map<CoverLine, std::vector<Value>> by_rest;
    for (CoverLine line : lines) {
        const std::vector<Value> values = std::move(line[field]);
        line[field].clear();
        std::vector<Value>& all = by_rest[std::move(line)];
        all.insert(all.end(), values.begin(), values.end());
    }
    std::vector<CoverLine> result;
    for (auto& [rest, values] : by_rest) {
        std::sort(values.begin(), values.end());
        values.erase(std::unique(values.begin(), values.end()), values.end());
        result.push_back(rest);
        result.back()[field] = std::move(values);
    }
    return result;
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
    for (const ViewRow& row : cover.rows) {
        CoverLine line;
        for (const std::optional<Value>& value : row) line.push_back(value ? std::vector<Value>{*value} : std::vector<Value>{});
        cover.lines.push_back(std::move(line));
    }
    for (std::size_t before = cover.lines.size() + 1; before != cover.lines.size();) {
        before = cover.lines.size();
        for (std::size_t field = form.fields.size(); field-- > 0;) cover.lines = merged_in(cover.lines, field);
    }
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
