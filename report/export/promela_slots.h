// How the slots of a ground system, and the registers of observers behind them, are declared and read in Promela.
//
// A slot of one value is no variable at all; one of a domain with negative values holds value - lo. The slots of a token
// domain are one array, so that renaming is a loop; each has a macro of its own name.
// Private to report/export. Thread-safety: read-only once built.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "model/ir/ground.h"
#include "properties/monitor/observer.h"

namespace imspect::exports {

/// Observers whose registers become variables of the model.
using Registers = std::vector<const monitor::Register*>;

/// The slots of one token domain: an array `name`, and the variables behind its greatest and its number of tokens.
struct TokenArray {
    ir::DomainId domain = 0;
    std::string name;
    std::vector<ir::SlotId> slots;
    std::size_t system_count = 0;  ///< the first so many belong to the system
    ir::Value most = 0;            ///< greatest value that can occur, registers included
    [[nodiscard]] std::string greatest() const { return "max_" + name; }
    /// How many tokens the system has in use, which is what bounds ask; the greatest where no register keeps one.
    [[nodiscard]] std::string used() const { return system_count == slots.size() ? greatest() : "used_" + name; }
};

class PromelaSlots {
public:
    PromelaSlots(const ir::GroundSystem& system, const std::vector<const monitor::Observer*>& observers);

    struct Slot {
        std::string name;  ///< empty: a constant
        ir::DomainId domain = 0;
        ir::Value initial = 0;
        ir::Value shift = 0;  ///< stored = value + shift
        std::string title;    ///< its name in the model
    };
    [[nodiscard]] const Slot& at(ir::SlotId slot) const { return slots_.at(slot); }
    [[nodiscard]] const std::map<ir::SlotId, Slot>& all() const { return slots_; }
    [[nodiscard]] const std::vector<TokenArray>& tokens() const { return tokens_; }
    [[nodiscard]] const TokenArray* array_of(ir::DomainId domain) const;
    [[nodiscard]] const ir::System& system() const { return *ground_.system; }

    /// The value of a slot as an expression.
    [[nodiscard]] std::string read(ir::SlotId slot) const;
    /// A statement that stores an expression's value.
    [[nodiscard]] std::string write(ir::SlotId slot, const std::string& value) const;
    /// Declarations with initial values, and the renaming of tokens as inlines.
    [[nodiscard]] std::string declarations() const;

private:
    void add(ir::SlotId slot, const ir::GroundVariable& variable);
    std::string unique(const std::string& title);
    std::string array_declaration(const TokenArray& array) const;
    std::string renaming(const TokenArray& array) const;

    const ir::GroundSystem& ground_;
    std::map<ir::SlotId, Slot> slots_;
    std::vector<TokenArray> tokens_;
    std::map<std::string, int> names_;
};

}  // namespace imspect::exports
