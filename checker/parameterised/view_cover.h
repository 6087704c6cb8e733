// A set of views written short for people: each line gives every field of a view a set of values, and a view is in the set
// if it agrees with some line.
//
// A *row* is a view taken apart field by field (views.h says what a view holds): counts, shared, each UE's own, and of
// each channel the number of messages and the messages. A message that is not there has nothing to agree with. Rows that
// differ in one field only become one line, again and again. Invariant: the lines describe the rows and nothing else, so
// a cover is as inductive as the views are. Of two UEs both orders are rows, for which of them is first means nothing.
// Cost: rows times fields, a few rounds. Thread-safety: pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "checker/parameterised/views.h"

namespace imspect::parameterised {

/// The fields that every row has, those of messages as many as the longest word of some view needs.
struct ViewForm {
    struct Field {
        std::string name;        ///< for people
        ir::DomainId domain = 0;
        enum class Meaning : std::uint8_t { kValue, kToken, kCount, kLength, kOwner } meaning = Meaning::kValue;
        std::uint8_t most = 0;   ///< kCount: stands for so many or more
    };
    std::uint32_t seen = 1;                  ///< UEs
    std::size_t aggregates = 0;
    std::vector<std::size_t> longest;        ///< by channel
    std::vector<Field> fields;
};

/// By field: its value; none where there is no message.
using ViewRow = std::vector<std::optional<Value>>;

/// By field: the values that agree, ascending; none where there is nothing to agree with.
using CoverLine = std::vector<std::vector<Value>>;

struct ViewCover {
    ViewForm form;
    std::vector<ViewRow> rows;      ///< ascending, each once
    std::vector<CoverLine> lines;   ///< the same set
    std::size_t views = 0;  ///< that were covered, each pair of UEs once
};

/// `most`: by aggregate, the count that stands for so many or more; `names`: by slot, for people.
[[nodiscard]] ViewCover cover_of(const std::vector<ViewCode>& codes, std::uint32_t seen, const std::vector<std::uint8_t>& most, const Shape& shape,
                                 const std::vector<bool>& ordered, const std::vector<std::string>& names);

/// The line for people, in the model's own names; fields that may have any value of the domain are left out.
[[nodiscard]] std::string for_people(const ViewForm& form, const CoverLine& line, const ir::System& system);

}  // namespace imspect::parameterised
