#include "model/ir/json_numbers.h"

#include <vector>

#include <nlohmann/json.hpp>

namespace imspect::ir {

namespace {

using Json = nlohmann::json;

/// Keeps the path of the value that comes next; ends at the first defect.
class PathKeeper : public nlohmann::json_sax<Json> {
public:
    std::optional<HugeNumber> found;

    bool null() override { return value(); }
    bool boolean(bool) override { return value(); }
    bool number_integer(number_integer_t) override { return value(); }
    bool number_unsigned(number_unsigned_t) override { return value(); }
    bool number_float(number_float_t, const string_t&) override { return value(); }
    bool string(string_t&) override { return value(); }
    bool binary(binary_t&) override { return value(); }
    bool start_object(std::size_t) override { return open(true); }
    bool start_array(std::size_t) override { return open(false); }
    bool end_object() override { return close(); }
    bool end_array() override { return close(); }
    bool key(string_t& name) override {
        steps_.back().key = name;
        return true;
    }
    bool parse_error(std::size_t, const std::string& token, const nlohmann::detail::exception& error) override {
        constexpr int kNumberOverflow = 406;
        constexpr std::size_t kShown = 40;
        const std::string shown = token.size() > kShown ? token.substr(0, kShown) + "…" : token;
        if (error.id == kNumberOverflow) found = {path(), "the number " + shown + " is beyond what can be read"};
        return false;
    }

private:
    struct Step {
        bool is_object = false;
        std::string key;
        std::size_t index = 0;
    };

    bool open(bool is_object) {
        steps_.push_back({is_object, {}, 0});
        return true;
    }
    bool close() {
        steps_.pop_back();
        return value();
    }
    bool value() {
        if (!steps_.empty()) ++steps_.back().index;
        return true;
    }

    [[nodiscard]] std::string path() const {
        std::string text;
        for (const Step& step : steps_) {
            text += '/';
            if (!step.is_object) text += std::to_string(step.index);
            for (const char c : step.key) text += c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c);
        }
        return text.empty() ? "/" : text;
    }

    std::vector<Step> steps_;
};

}  // namespace

std::optional<HugeNumber> find_huge_number(std::string_view text) {
    PathKeeper keeper;
    (void)Json::sax_parse(text, &keeper);
    return keeper.found;
}

}  // namespace imspect::ir
