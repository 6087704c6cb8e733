// Whether the identities of a symmetric domain are treated alike although some are named.
//
// A rule may name identities as long as it names them all alike: `(u = ue1 and a) or (u = ue2 and a)`. For every exchange
// of two neighbouring identities (these generate all permutations) and all values of the rule's own parameters of that
// domain, the rule with the two names exchanged must be the rule itself. Both are compared after
// substitution and folding, kids of `and` and `or` in one order; that is sufficient and not necessary, so a rule that
// is symmetric for deeper reasons is a defect too and has to be written more plainly.
#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "model/ir/validator.h"

namespace imspect::ir {

namespace {

constexpr double kMostInstances = 4096;  // beyond: parameters are left as they are, which only refuses more

using Signature = std::vector<std::vector<ExprId>>;

class Symmetry {
public:
    Symmetry(const System& system, const std::vector<std::string>& identities)
        : system_(system), pool_(system.pool), identities_(identities) {}

    bool is_alike(const Rule& rule) {
        std::vector<ExprId> roots = {rule.guard};
        for (const auto& part : parts(rule)) roots.insert(roots.end(), part.begin(), part.end());
        if (std::none_of(roots.begin(), roots.end(), [&](ExprId root) { return names_identity(root); })) return true;
        return for_all(rule.params, [&](const std::map<ParamId, Value>& values, Value first) {
            return signature(rule, values, first) == signature(rule, values, -1);
        });
    }

    bool is_alike(const std::vector<ParamId>& params, ExprId root) {
        if (!names_identity(root)) return true;
        return for_all(params, [&](const std::map<ParamId, Value>& values, Value first) {
            return canonical(root, values, first) == canonical(root, values, -1);
        });
    }

private:
    bool is_family(DomainId id) const {
        const Domain& domain = system_.domains[id];
        return domain.symmetric && domain.names == identities_;
    }

    bool names_identity(ExprId root) const {
        bool found = false;
        system_.pool.visit(root, [&](ExprId, const ExprNode& node) { found = found || (node.op == Op::kConst && node.a >= 0 && is_family(node.domain)); });
        return found;
    }

    static Value exchange(Value value, Value first) { return first < 0 || (value != first && value != first + 1) ? value : first + (value == first ? 1 : 0); }

    template <typename Check>
    bool for_all(const std::vector<ParamId>& params, Check&& check) {
        std::vector<ParamId> own;
        double count = 1;
        for (const ParamId param : params) {
            if (!is_family(system_.params[param].domain)) continue;
            own.push_back(param);
            count *= system_.domains[system_.params[param].domain].size();
        }
        if (count > kMostInstances) own.clear();
        std::map<ParamId, Value> values;
        for (const ParamId param : own) values[param] = system_.domains[system_.params[param].domain].lo;
        while (true) {
            for (Value first = 0; first + 1 < static_cast<Value>(identities_.size()); ++first) {
                if (!check(values, first)) return false;
            }
            std::size_t i = 0;
            for (; i < own.size(); ++i) {
                const Domain& domain = system_.domains[system_.params[own[i]].domain];
                if (++values[own[i]] <= domain.hi) break;
                values[own[i]] = domain.lo;
            }
            if (i == own.size()) return true;
        }
    }

    /// The expression with parameters and identities replaced, in a form that does not depend on the order of writing.
    ExprId canonical(ExprId root, const std::map<ParamId, Value>& values, Value first) {
        std::map<ExprId, ExprId> done;
        system_.pool.visit(root, [&](ExprId id, const ExprNode& node) {
            if (node.op == Op::kConst && node.a >= 0 && is_family(node.domain)) {
                done[id] = pool_.constant(node.domain, exchange(node.a, first));
            } else if (const auto value = values.find(static_cast<ParamId>(node.a)); node.op == Op::kParam && value != values.end()) {
                done[id] = pool_.constant(node.domain, value->second);
            } else if (node.kids.empty()) {
                done[id] = id;
            } else {
                done[id] = rebuilt(node, done);
            }
        });
        return done.at(root);
    }

    ExprId rebuilt(const ExprNode& node, const std::map<ExprId, ExprId>& done) {
        std::vector<ExprId> kids;
        for (const ExprId kid : node.kids) kids.push_back(done.at(kid));
        if (node.op != Op::kAnd && node.op != Op::kOr) return pool_.rebuild(node, std::move(kids));
        // Folding may have brought up kids that are of the same kind.
        std::set<ExprId> flat;
        for (const ExprId kid : kids) {
            const ExprNode& inner = pool_.node(kid);
            if (inner.op == node.op) flat.insert(inner.kids.begin(), inner.kids.end());
            else flat.insert(kid);
        }
        return pool_.rebuild(node, {flat.begin(), flat.end()});
    }

    /// All that a rule does, one part an effect. Empty fields of messages name nobody and are left out.
    Signature parts(const Rule& rule) const {
        Signature out;
        for (const Assignment& assignment : rule.assignments) {
            out.push_back({assignment.indices.begin(), assignment.indices.end()});
            out.back().push_back(assignment.value);
        }
        for (const ChannelStep& step : rule.channel_steps) {
            out.push_back({step.indices.begin(), step.indices.end()});
            for (std::size_t f = 0; f < step.values.size(); ++f) {
                const ExprNode& node = system_.pool.node(step.values[f]);
                const bool empty = node.op == Op::kConst && node.a == system_.domains[system_.channels[step.channel].fields[f].domain].lo;
                if (!empty) out.back().push_back(step.values[f]);
            }
        }
        for (const Bound& bound : rule.bounds) out.push_back({bound.condition});
        for (const Label& label : rule.labels) out.push_back({label.condition});
        for (const Raise& raise : rule.raises) {
            out.push_back({raise.condition});
            out.back().insert(out.back().end(), raise.arguments.begin(), raise.arguments.end());
        }
        return out;
    }

    /// The guard, then every effect under the name of what it changes, in one order.
    Signature signature(const Rule& rule, const std::map<ParamId, Value>& values, Value first) {
        Signature out = parts(rule);
        std::size_t at = 0;
        const auto tag = [&](ExprId kind, ExprId what) {
            for (ExprId& id : out[at]) id = canonical(id, values, first);
            out[at].insert(out[at].begin(), {kind, what});
            ++at;
        };
        for (const Assignment& assignment : rule.assignments) tag(0, assignment.var);
        for (std::size_t i = 0; i < rule.channel_steps.size(); ++i) tag(1, static_cast<ExprId>(i));
        for (std::size_t i = 0; i < rule.bounds.size(); ++i) tag(2, static_cast<ExprId>(i));
        for (std::size_t i = 0; i < rule.labels.size(); ++i) tag(3, static_cast<ExprId>(i));
        for (const Raise& raise : rule.raises) tag(4, raise.event);
        std::sort(out.begin(), out.end());
        out.push_back({canonical(rule.guard, values, first)});
        return out;
    }

    const System& system_;
    ExprPool pool_;  ///< a copy to build in
    std::vector<std::string> identities_;
};

}  // namespace

void Validator::check_symmetry() {
    std::set<std::vector<std::string>> families;
    for (const Domain& domain : system_.domains) {
        if (domain.symmetric && domain.names.size() > 1) families.insert(domain.names);
    }
    for (const std::vector<std::string>& family : families) {
        Symmetry symmetry(system_, family);
        const auto report = [&](std::string path, const std::string& who) {
            add("symmetric-constant", std::move(path), fmt::format("{} tells {} from the other identities of a symmetric domain", who, fmt::join(family, " or ")));
        };
        for (const Rule& rule : system_.rules) {
            if (!symmetry.is_alike(rule)) report("/rules/" + rule.name, "rule " + rule.name);
        }
        for (const Definition& definition : system_.definitions) {
            if (!symmetry.is_alike(definition.params, definition.body)) report("/definitions/" + definition.name, "definition " + definition.name);
        }
        for (const Waiting& waiting : system_.waiting) {
            if (!symmetry.is_alike(waiting.params, waiting.condition)) report("/waiting/" + waiting.name, "waiting condition " + waiting.name);
        }
        for (const Channel& channel : system_.channels) {
            if (channel.deferred != kNoExpr && !symmetry.is_alike(channel.parameters, channel.deferred)) {
                report("/channels/" + channel.name + "/deferred", "channel " + channel.name);
            }
        }
    }
}

}  // namespace imspect::ir
