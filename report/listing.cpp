#include "report/listing.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "model/result.h"

namespace imspect::report {
namespace {

std::string cell_text(const ListValue& value) {
    if (const auto* text = std::get_if<std::string>(&value)) return *text;
    if (const auto* texts = std::get_if<std::vector<std::string>>(&value)) return join(*texts, ", ");
    return fmt::format("{:g}", std::get<double>(value));
}

nlohmann::ordered_json cell_json(const ListValue& value) {
    if (const auto* text = std::get_if<std::string>(&value)) return *text;
    if (const auto* texts = std::get_if<std::vector<std::string>>(&value)) return *texts;
    return std::get<double>(value);
}

/// Widths of the shown columns: as wide as the widest cell, at most what the column allows, the last takes what is left.
std::vector<std::size_t> widths_of(const Listing& listing, const Style& style) {
    std::vector<std::size_t> widths(listing.columns.size(), 0);
    std::size_t used = 0;
    std::size_t last = 0;
    for (std::size_t c = 0; c < widths.size(); ++c) {
        const ListColumn& column = listing.columns[c];
        if (column.most == 0) continue;
        widths[c] = display_width(column.key);
        for (const std::vector<ListValue>& item : listing.items) {
            widths[c] = std::max(widths[c], std::min(column.most, display_width(cell_text(item[c]))));
        }
        used += widths[c] + 2;
        last = c;
    }
    if (used > style.width + 2) {
        const std::size_t others = used - widths[last] - 2;
        widths[last] = style.width > others + 20 ? style.width - others : 20;
    }
    return widths;
}

void add_row(std::string& page, const std::vector<std::vector<std::string>>& cells, const std::vector<std::size_t>& widths) {
    std::size_t lines = 0;
    for (const std::vector<std::string>& cell : cells) lines = std::max(lines, cell.size());
    for (std::size_t i = 0; i < lines; ++i) {
        std::string line;
        for (std::size_t c = 0; c < cells.size(); ++c) {
            if (widths[c] == 0) continue;
            line += pad(i < cells[c].size() ? cells[c][i] : std::string{}, widths[c]) + "  ";
        }
        line.resize(line.find_last_not_of(' ') == std::string::npos ? 0 : line.find_last_not_of(' ') + 1);
        page += line + "\n";
    }
}

}  // namespace

std::string listing_text(const Listing& listing, const Style& style) {
    const std::vector<std::size_t> widths = widths_of(listing, style);
    std::string heading;
    for (std::size_t c = 0; c < widths.size(); ++c) {
        if (widths[c] > 0) heading += pad(listing.columns[c].key, widths[c]) + "  ";
    }
    heading.resize(heading.find_last_not_of(' ') + 1);
    std::string page = style.paint(Ink::kStrong, heading) + "\n";
    for (const std::vector<ListValue>& item : listing.items) {
        IMSPECT_REQUIRE(item.size() == listing.columns.size(), "an item with a value for each column");
        std::vector<std::vector<std::string>> cells;
        for (std::size_t c = 0; c < item.size(); ++c) cells.push_back(widths[c] == 0 ? std::vector<std::string>{} : wrap(cell_text(item[c]), widths[c]));
        add_row(page, cells, widths);
    }
    return page;
}

std::string listing_json(const Listing& listing, const std::string& version) {
    nlohmann::ordered_json json{{"schema", "imspect/list/1"}, {"tool", "imspect"}, {"version", version}, {"command", "list"}, {"what", listing.what}};
    json["items"] = nlohmann::ordered_json::array();
    for (const std::vector<ListValue>& item : listing.items) {
        nlohmann::ordered_json record = nlohmann::ordered_json::object();
        for (std::size_t c = 0; c < item.size(); ++c) record[listing.columns[c].key] = cell_json(item[c]);
        json["items"].push_back(std::move(record));
    }
    return json.dump(2) + "\n";
}

}  // namespace imspect::report
