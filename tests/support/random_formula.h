// Small random systems and random property texts about them, from a seed: what tests of observers run on.
// Thread-safety: one generator, one thread.
#pragma once

#include <random>
#include <string>
#include <vector>

#include "model/ir/ground.h"

namespace imspect::naive {

/// Two UEs with colours and tokens, a counter, a flag and an optional UE; rules and events over them, drawn from the seed.
ir::GroundSystem random_system(unsigned seed);

class FormulaGenerator {
public:
    explicit FormulaGenerator(unsigned seed) : random_(seed) {}

    /// Records and a body; `keyword` is "always" or "possible", or "leads".
    std::string property(const std::string& keyword);

private:
    std::string condition(int depth, bool past);
    std::string combination(int depth, bool past);
    std::string atom(bool step);
    std::string state_atom();
    std::string step_atom();
    std::string state(int depth);
    std::string number();
    std::string token();
    std::string ue();
    std::string colour();
    int below(int bound) { return static_cast<int>(random_() % static_cast<unsigned>(bound)); }

    std::mt19937 random_;
    std::vector<std::string> bound_;
    int names_ = 0;
    bool records_ = false;
};

}  // namespace imspect::naive
