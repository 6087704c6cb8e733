// Lists of things by name, as a table for people and as records for programs.
//
// A listing has columns and items; every item has one value for each column. Columns that are not `shown` are for
// programs only. Cost: linear. Thread-safety: values.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "report/text_layout.h"

namespace imspect::report {

using ListValue = std::variant<std::string, std::vector<std::string>, double>;

struct ListColumn {
    std::string key;       ///< in JSON; the table's heading too
    std::size_t most = 0;  ///< widest in the table; 0: not shown there
};

struct Listing {
    std::string what;  ///< "scenarios", ...
    std::vector<ListColumn> columns;
    std::vector<std::vector<ListValue>> items;
};

[[nodiscard]] std::string listing_text(const Listing& listing, const Style& style);
/// {"schema": "imspect/list/1", …, "what", "items": [{column: value}]}; docs/schema/list.schema.json.
[[nodiscard]] std::string listing_json(const Listing& listing, const std::string& version);

}  // namespace imspect::report
