#include "checker/parameterised/portraits.h"

#include <algorithm>
#include <map>
#include <memory>
#include <string>

#include <fmt/format.h>

namespace imspect::parameterised {

namespace {

Shape without_registers(Shape shape, std::size_t variables) {
    const auto is_register = [&](const Place& place) { return place.slot >= variables; };
    std::erase_if(shape.shared, is_register);
    for (std::vector<Place>& own : shape.own) std::erase_if(own, is_register);
    return shape;
}

bool ordered_there(const Localised& whole, const std::string& domain) {
    for (ir::DomainId id = 0; id < whole.ordered.size(); ++id) {
        if (whole.ground.system->domains[id].name == domain) return whole.ordered[id];
    }
    return false;
}

/// By place of the smaller shape, which of the larger one it is.
class Correspondence {
public:
    Correspondence(const Localised& large, const Shape& large_shape, const Localised& small, const Shape& small_shape) : large_(large), small_(small) {
        shared_ = match(small_shape.shared, large_shape.shared);
        own_ = match(small_shape.own[0], large_shape.own[0]);
        for (const Words& words : small_shape.channels) {
            const auto found = std::find_if(large_shape.channels.begin(), large_shape.channels.end(), [&](const Words& other) { return other.name == words.name; });
            if (found == large_shape.channels.end()) {
                missing_ = words.name;
                return;
            }
            channels_.push_back(static_cast<std::size_t>(found - large_shape.channels.begin()));
            fields_.push_back(match(words.fields[0], found->fields[0]));
        }
    }

    /// What is not in the larger one; empty: nothing.
    [[nodiscard]] const std::string& missing() const { return missing_; }

    [[nodiscard]] Scene reduced(const Scene& scene) const {
        Scene less;
        for (const std::size_t at : shared_) less.shared.push_back(scene.shared[at]);
        less.own.emplace_back();
        for (const std::size_t at : own_) less.own[0].push_back(scene.own[0][at]);
        for (std::size_t c = 0; c < channels_.size(); ++c) {
            less.words.emplace_back();
            for (const Scene::Message& message : scene.words[channels_[c]]) {
                less.words.back().push_back({message.owner, {}});
                for (const std::size_t field : fields_[c]) less.words.back().back().fields.push_back(message.fields[field]);
            }
        }
        return less;
    }

private:
    std::vector<std::size_t> match(const std::vector<Place>& of, const std::vector<Place>& among) {
        std::map<std::string, std::size_t> known;
        for (std::size_t i = 0; i < among.size(); ++i) {
            if (among[i].slot < large_.ground.variables.size()) known[large_.ground.variables[among[i].slot].name] = i;
        }
        std::vector<std::size_t> found;
        for (const Place& place : of) {
            const std::string& name = small_.ground.variables[place.slot].name;
            const auto there = known.find(name);
            if (there == known.end()) missing_ = name;
            else found.push_back(there->second);
        }
        return found;
    }

    const Localised& large_;
    const Localised& small_;
    std::vector<std::size_t> shared_;
    std::vector<std::size_t> own_;
    std::vector<std::size_t> channels_;
    std::vector<std::vector<std::size_t>> fields_;
    std::string missing_;
};

}  // namespace

Portraits::Portraits(const Shape& shape, const std::vector<bool>& ordered) : shape_(std::make_shared<const Shape>(shape)), views_(*shape_, ordered) {}

Result<Portraits> Portraits::of(const WholeViews& whole, const Localised& localised, const Shape& shape, const explore::Product& product) {
    Portraits portraits(without_registers(shape, localised.ground.variables.size()), localised.ordered);
    const ViewProof& proof = whole.proof;
    const Correspondence correspondence(proof.localised, proof.shape, localised, *portraits.shape_);
    if (!correspondence.missing().empty()) return Error{"portraits", fmt::format("{} is not in views of the whole system", correspondence.missing()), {}, {}, {}};
    for (const ir::DomainId domain : shape.token_domains) {
        // Where the whole system's views name tokens as they come, their order is not in them.
        if (localised.ordered[domain] && !ordered_there(proof.localised, localised.ground.system->domains[domain].name)) {
            return Error{"portraits", "the property asks for an order of tokens that views of the whole system do not show", {}, {}, {}};
        }
    }
    Views views(proof.shape, proof.localised.ordered);
    const exec::State blank = product.initial();
    for (const ViewCode& code : proof.codes) {
        exec::State state = blank;
        const bool written = portraits.views_.write(correspondence.reduced(views.decode(code, 1, proof.cutoff.aggregates.size())), state.data());
        IMSPECT_REQUIRE(written, "one UE's messages have room in a system of several");
        static constexpr std::uint8_t kFirst = 0;
        portraits.views_.view(state.data(), {}, &kFirst, 1, portraits.code_);
        portraits.codes_.insert(portraits.code_);
    }
    return portraits;
}

bool Portraits::admit(const Word* state, std::uint8_t replica) {
    views_.view(state, {}, &replica, 1, code_);
    return codes_.contains(code_);
}

}  // namespace imspect::parameterised
