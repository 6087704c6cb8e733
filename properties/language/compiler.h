// From a resolved property to its observer; behind language::compile.
//
// Quantifiers are expanded here, each variable taking its values in order, so that every instance of a past operator gets
// its own register. Thread-safety: one compiler, one thread; it extends the ground system's pool and domains.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "properties/language/formula.h"
#include "properties/monitor/observer_builder.h"

namespace imspect::language {

inline constexpr std::size_t kMaxRegisters = 1024;       // of one property; a state would not fit the machine with more

/// What a record holds before the run.
ir::Value held_before(const ResolvedRecord& record, const ir::System& system);

/// How many values a bound variable takes.
inline std::size_t size_of(const BoundVariable& bound) { return static_cast<std::size_t>(bound.hi - bound.lo) + 1; }

class Compiler {
public:
    Compiler(const Property& property, const ResolvedProperty& resolved, ir::GroundSystem& ground, ir::SlotId first_register);

    Result<monitor::Observer> run();

private:
    bool declare_records();
    bool define_record(std::uint32_t record);
    ir::DomainId register_domain(const ResolvedRecord& record);
    ir::ExprId saturated(ir::ExprId value, const ResolvedRecord& record, ir::DomainId domain);

    // Templates of terms under the current values of bound variables.
    ir::ExprId expression(TermIndex index);
    ir::ExprId element_of_record(const Term& term);
    ir::ExprId choose_element(const Term& term, const std::vector<ir::ExprId>& indices, std::vector<ir::Value>& values);
    ir::ExprId quantified(const Term& term);
    ir::ExprId counted(const Term& term);
    ir::ExprId least(const Term& term);
    ir::ExprId over_tokens(const Term& term, std::size_t position);
    ir::ExprId least_token(const Term& term);
    struct TokenBody {
        ir::ExprId variable = ir::kNoExpr;
        ir::ExprId body = ir::kNoExpr;
        std::vector<ir::ExprId> candidates;
    };
    std::optional<TokenBody> token_body(const Term& term, BoundIndex bound, const std::function<ir::ExprId()>& body);
    [[nodiscard]] bool ranges_over_tokens(BoundIndex bound) const;
    bool observable();
    ir::ExprId past(TermIndex index, const Term& term);
    std::vector<ir::ExprId> expressions(const std::vector<TermIndex>& terms);

    /// Calls `visit` under every valuation of `bound`, in lexicographic order, until it returns false.
    bool for_each(const std::vector<BoundIndex>& bound, const std::function<bool()>& visit);
    bool spend(Span span);
    void refuse(Span span, std::string message);
    monitor::ElementOf element(std::uint32_t family, const std::vector<BoundIndex>& indices, std::string_view label);
    std::string valuation(const std::vector<BoundIndex>& bound) const;
    std::string value_name(BoundIndex bound) const;

    bool reads_only_state(const ResolvedStatement& statement) const;
    void always_or_possible(monitor::Observer& observer);
    void leads_to(monitor::Observer& observer);

    ir::ExprPool& pool() { return ground_.pool(); }
    const Property& property_;
    const ResolvedProperty& resolved_;
    ir::GroundSystem& ground_;
    monitor::ObserverBuilder builder_;
    std::vector<ir::Value> values_;                           ///< by BoundIndex
    std::vector<ir::ExprId> tokens_;                          ///< by BoundIndex: what stands for a variable over tokens
    std::vector<std::vector<monitor::RegisterId>> elements_;  ///< by record, row-major
    std::size_t instances_ = 0;
    std::size_t terms_ = 0;
    std::optional<Error> error_;
};

}  // namespace imspect::language
