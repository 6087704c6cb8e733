#include "checker/outcome_words.h"

#include "model/result.h"

namespace imspect::checker {

namespace {

using outcome::PropertyOutcome;
using symbolic::Words;

class Writer {
public:
    void word(std::size_t value) { words_.push_back(static_cast<std::uint32_t>(value)); }
    void text(const std::string& value) {
        word(value.size());
        for (const char c : value) word(static_cast<unsigned char>(c));
    }
    void property(const PropertyOutcome& property) {
        word(static_cast<std::size_t>(property.verdict));
        text(property.engine);
        text(property.reason);
        text(property.certificate);
        word(property.bounds_reached.size());
        for (const std::string& bound : property.bounds_reached) text(bound);
        word(property.bound.has_value() ? 1 : 0);
        word(property.bound.value_or(0));
        IMSPECT_REQUIRE(!property.witness || !property.witness->loop_start, "a lasso between processes");
        word(property.witness.has_value() ? 1 : 0);
        word(property.witness ? property.witness->rules.size() : 0);
        if (property.witness) words_.insert(words_.end(), property.witness->rules.begin(), property.witness->rules.end());
    }
    Words take() { return std::move(words_); }

private:
    Words words_;
};

class Reader {
public:
    explicit Reader(const Words& words) : words_(words) {}
    std::uint32_t word() { return words_.at(next_++); }
    std::string text() {
        std::string value(word(), ' ');
        for (char& c : value) c = static_cast<char>(word());
        return value;
    }
    void property(PropertyOutcome& property) {
        property.verdict = static_cast<outcome::Verdict>(word());
        property.engine = text();
        property.reason = text();
        property.certificate = text();
        property.bounds_reached.resize(word());
        for (std::string& bound : property.bounds_reached) bound = text();
        const bool bounded = word() != 0;
        const std::uint32_t bound = word();
        property.bound = bounded ? std::optional(bound) : std::nullopt;
        const bool witnessed = word() != 0;
        outcome::Witness witness;
        witness.rules.resize(word());
        for (std::uint32_t& rule : witness.rules) rule = word();
        property.witness = witnessed ? std::optional(std::move(witness)) : std::nullopt;
    }

private:
    const Words& words_;
    std::size_t next_ = 0;
};

}  // namespace

Words pack(const std::vector<PropertyOutcome>& properties) {
    Writer writer;
    for (const PropertyOutcome& property : properties) writer.property(property);
    return writer.take();
}

void unpack(const Words& words, std::vector<PropertyOutcome>& properties) {
    Reader reader(words);
    for (PropertyOutcome& property : properties) reader.property(property);
}

}  // namespace imspect::checker
