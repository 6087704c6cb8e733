// The checks behind ir::validate, in four files: declarations, expressions, rules, symmetry.
//
// Private to model/ir. Every check looks before it follows an id, so that one defect never hides another or crashes the
// next check. Thread-safety: one validation, one thread.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "model/ir/validate.h"

namespace imspect::ir {

class Validator {
public:
    explicit Validator(const System& system) : system_(system) {}
    std::vector<Defect> run();

private:
    /// Where an expression stands and what it may be.
    struct Place {
        std::string path;
        std::string who;  ///< "rule hss.applies_clear: guard"
        std::vector<ParamId> params;
        std::optional<DomainId> domain;
        const char* code = "type";
        bool fresh = false;  ///< may ask for a fresh token
    };
    struct Range {
        double lo = 0;
        double hi = 0;
    };

    void add(std::string_view code, std::string path, std::string message);

    // validate.cpp: declarations
    void check_nodes();
    void check_domains();
    void check_domain(DomainId id);
    void check_variables();
    void check_initial_tokens();
    void check_channels();
    void check_channel(ChannelId id);
    void check_events();
    void check_definitions();
    void check_waiting();
    void check_size();
    void check_name(const std::string& name, const std::string& path, const std::string& what);
    void check_unique(const std::vector<std::string>& names, const std::string& path, const std::string& what);
    void check_indices(const std::vector<DomainId>& indices, const std::string& path, const std::string& who);
    std::vector<ParamId> known_params(const std::vector<ParamId>& params, const std::string& path, const std::string& who);
    [[nodiscard]] bool has_domain(DomainId id) const { return id < system_.domains.size(); }
    [[nodiscard]] double elements(const std::vector<DomainId>& domains) const;
    [[nodiscard]] double instances(const std::vector<ParamId>& params) const;

    // validate_expressions.cpp
    bool pool_is_sound();
    void find_recursion();
    /// Everything about one expression; false where it cannot be looked at further.
    bool check_expression(ExprId root, const Place& place);
    void check_node(const ExprNode& node, const Place& place);
    void check_constant(const ExprNode& node, const Place& place);
    void check_element(const ExprNode& node, const Place& place);
    void check_call(const ExprNode& node, const Place& place);
    void check_comparison(const ExprNode& node, const Place& place);
    void check_free(ExprId root, const Place& place);
    void check_overflow(ExprId root, const Place& place);
    void check_fresh(const ExprNode& node, const Place& place);
    bool resolves(ExprId root, const Place& place);
    void booleans(const ExprNode& node, const Place& place, std::size_t count);
    const std::vector<ParamId>& free_params(ExprId root);
    std::size_t depth(ExprId root);
    double weight(ExprId root);
    [[nodiscard]] DomainId domain_of(ExprId id) const { return system_.pool.node(id).domain; }
    [[nodiscard]] const std::string& domain_name(DomainId id) const { return system_.domains[id].name; }

    // validate_symmetry.cpp
    void check_symmetry();

    // validate_rules.cpp
    void check_rules();
    void check_rule(const Rule& rule);
    void check_bounds(const Rule& rule, const std::string& path, const std::vector<ParamId>& params);
    void check_assignments(const Rule& rule, const std::string& path, const std::vector<ParamId>& params);
    void check_collisions(const Rule& rule, const std::string& path);
    [[nodiscard]] bool apart(const Rule& rule, const Assignment& left, const Assignment& right) const;
    void check_steps(const Rule& rule, const std::string& path, const std::vector<ParamId>& params);
    void check_step(const Rule& rule, std::size_t index, const std::string& path, const std::vector<ParamId>& params);
    void check_append(const Rule& rule, const ChannelStep& step, const std::string& path, const std::vector<ParamId>& params);
    [[nodiscard]] Value least_length(const Rule& rule, const ChannelStep& step) const;
    void check_labels(const Rule& rule, const std::string& path, const std::vector<ParamId>& params);
    void check_raises(const Rule& rule, const std::string& path, const std::vector<ParamId>& params);

    const System& system_;
    std::vector<Defect> defects_;
    std::vector<bool> recursive_;  ///< by definition
    std::unordered_map<ExprId, std::vector<ParamId>> free_;
    std::unordered_map<ExprId, std::size_t> depth_;
    std::unordered_map<ExprId, double> weight_;
    double total_weight_ = 0;
};

}  // namespace imspect::ir
