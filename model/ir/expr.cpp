#include "model/ir/expr.h"

#include <algorithm>
#include <array>
#include <unordered_set>
#include <utility>

#include "model/result.h"

namespace imspect::ir {

namespace {

std::size_t mix(std::size_t seed, std::size_t value) {
    return seed ^ (value + 0x9e3779b97f4a7c15ULL + (seed << 6) + (seed >> 2));
}

/// The kids of a junction so far: most have a few, some have thousands.
class Seen {
public:
    explicit Seen(std::size_t most) : scans_(most <= 16) {}
    [[nodiscard]] bool contains(ExprId id) const {
        return scans_ ? std::find(few_.begin(), few_.end(), id) != few_.end() : many_.contains(id);
    }
    void add(ExprId id) {
        if (scans_) few_.push_back(id);
        else many_.insert(id);
    }

private:
    bool scans_;
    std::vector<ExprId> few_;
    std::unordered_set<ExprId> many_;
};

/// How far a visit is with each node: open addressing, without an allocation for the expressions of a rule, which are visited
/// by the ten thousand when a system is built.
class Progress {
public:
    enum class Of : std::uint8_t { kNothing, kBegun, kDone };

    Progress() : table_(inline_.data()) {}

    /// The place of the node's mark, good until the next call.
    Of& operator[](ExprId id) {
        if (2 * (used_ + 1) > capacity_) grow();
        Entry& entry = find(id);
        if (entry.of == Of::kNothing) entry.id = id;
        return entry.of;
    }
    void begin(ExprId id) {
        (*this)[id] = Of::kBegun;
        ++used_;
    }

private:
    struct Entry {
        ExprId id = 0;
        Of of = Of::kNothing;
    };

    Entry& find(ExprId id) {
        std::size_t at = (id * 0x9e3779b1U) & (capacity_ - 1);
        while (table_[at].of != Of::kNothing && table_[at].id != id) at = (at + 1) & (capacity_ - 1);
        return table_[at];
    }
    void grow() {
        const std::vector<Entry> old(table_, table_ + capacity_);
        capacity_ *= 4;
        large_.assign(capacity_, {});
        table_ = large_.data();
        for (const Entry& entry : old) {
            if (entry.of != Of::kNothing) find(entry.id) = entry;
        }
    }

    std::array<Entry, 64> inline_{};
    std::vector<Entry> large_;
    Entry* table_;
    std::size_t capacity_ = 64;
    std::size_t used_ = 0;
};

}  // namespace

std::size_t ExprPool::NodeHash::operator()(const ExprNode& node) const {
    std::size_t seed = static_cast<std::size_t>(node.op);
    seed = mix(seed, node.domain);
    seed = mix(seed, static_cast<std::size_t>(node.a));
    for (const ExprId kid : node.kids) seed = mix(seed, kid);
    return seed;
}

ExprPool::ExprPool() {
    false_ = intern({Op::kConst, kBoolDomain, 0, {}});
    true_ = intern({Op::kConst, kBoolDomain, 1, {}});
}

ExprId ExprPool::intern(ExprNode node) {
    if (const auto found = ids_.find(node); found != ids_.end()) return found->second;
    const auto id = static_cast<ExprId>(nodes_.size());
    nodes_.push_back(node);
    ids_.emplace(std::move(node), id);
    return id;
}

ExprId ExprPool::constant(DomainId domain, Value value) { return intern({Op::kConst, domain, value, {}}); }

ExprId ExprPool::variable(VarId var, DomainId domain, std::vector<ExprId> indices) {
    return intern({Op::kVar, domain, static_cast<Value>(var), std::move(indices)});
}

ExprId ExprPool::param(ParamId param, DomainId domain) {
    return intern({Op::kParam, domain, static_cast<Value>(param), {}});
}

ExprId ExprPool::slot(std::uint32_t slot, DomainId domain) {
    return intern({Op::kSlot, domain, static_cast<Value>(slot), {}});
}

ExprId ExprPool::old_slot(std::uint32_t slot, DomainId domain) {
    return intern({Op::kOldSlot, domain, static_cast<Value>(slot), {}});
}

ExprId ExprPool::old(ExprId kid) {
    if (is_const(kid)) return kid;
    return intern({Op::kOld, nodes_[kid].domain, 0, {kid}});
}

ExprId ExprPool::call(std::uint32_t definition, DomainId domain, std::vector<ExprId> arguments) {
    return intern({Op::kCall, domain, static_cast<Value>(definition), std::move(arguments)});
}

ExprId ExprPool::negate(ExprId kid) {
    if (is_const(kid)) return boolean(const_value(kid) == 0);
    if (nodes_[kid].op == Op::kNot) return nodes_[kid].kids[0];
    return intern({Op::kNot, kBoolDomain, 0, {kid}});
}

ExprId ExprPool::conjunction(std::vector<ExprId> kids) { return junction(Op::kAnd, kids, true_, false_); }

ExprId ExprPool::disjunction(std::vector<ExprId> kids) { return junction(Op::kOr, kids, false_, true_); }

ExprId ExprPool::junction(Op op, const std::vector<ExprId>& kids, ExprId neutral, ExprId absorbing) {
    std::vector<ExprId> flat;
    for (const ExprId kid : kids) {
        if (kid == absorbing) return absorbing;
        if (kid == neutral) continue;
        if (nodes_[kid].op == op) {
            flat.insert(flat.end(), nodes_[kid].kids.begin(), nodes_[kid].kids.end());
        } else {
            flat.push_back(kid);
        }
    }
    std::vector<ExprId> unique;
    Seen seen(flat.size());
    for (const ExprId kid : flat) {
        if (seen.contains(kid)) continue;
        if (seen.contains(negate(kid))) return absorbing;
        seen.add(kid);
        unique.push_back(kid);
    }
    if (unique.empty()) return neutral;
    if (unique.size() == 1) return unique[0];
    return intern({op, kBoolDomain, 0, std::move(unique)});
}

ExprId ExprPool::equal(ExprId left, ExprId right) {
    if (left == right) return true_;
    if (is_const(left) && is_const(right)) return boolean(const_value(left) == const_value(right));
    if (is_const(left)) std::swap(left, right);
    if (nodes_[left].domain == kBoolDomain && is_const(right)) {
        return const_value(right) != 0 ? left : negate(left);
    }
    if (!is_const(right) && left > right) std::swap(left, right);
    return intern({Op::kEq, kBoolDomain, 0, {left, right}});
}

ExprId ExprPool::less(ExprId left, ExprId right) {
    if (left == right) return false_;
    if (is_const(left) && is_const(right)) return boolean(const_value(left) < const_value(right));
    return intern({Op::kLt, kBoolDomain, 0, {left, right}});
}

ExprId ExprPool::less_equal(ExprId left, ExprId right) {
    if (left == right) return true_;
    if (is_const(left) && is_const(right)) return boolean(const_value(left) <= const_value(right));
    return intern({Op::kLe, kBoolDomain, 0, {left, right}});
}

ExprId ExprPool::add(ExprId left, ExprId right) {
    if (is_const(left) && is_const(right)) return constant(kIntDomain, const_value(left) + const_value(right));
    return intern({Op::kAdd, kIntDomain, 0, {left, right}});
}

ExprId ExprPool::subtract(ExprId left, ExprId right) {
    if (is_const(left) && is_const(right)) return constant(kIntDomain, const_value(left) - const_value(right));
    return intern({Op::kSub, kIntDomain, 0, {left, right}});
}

ExprId ExprPool::ite(ExprId condition, ExprId then_value, ExprId else_value) {
    if (is_true(condition)) return then_value;
    if (is_false(condition)) return else_value;
    if (then_value == else_value) return then_value;
    const DomainId domain = nodes_[is_const(then_value) ? else_value : then_value].domain;
    if (domain == kBoolDomain) {
        if (is_true(then_value)) return disjunction({condition, else_value});
        if (is_false(then_value)) return conjunction({negate(condition), else_value});
        if (is_true(else_value)) return disjunction({negate(condition), then_value});
        if (is_false(else_value)) return conjunction({condition, then_value});
    }
    return intern({Op::kIte, domain, 0, {condition, then_value, else_value}});
}

ExprId ExprPool::quantified(Op forall_or_exists, ParamId param, ExprId body) {
    if (is_const(body)) return body;  // domains are never empty
    return intern({forall_or_exists, kBoolDomain, static_cast<Value>(param), {body}});
}

ExprId ExprPool::fresh(DomainId token_domain, Value ordinal) {
    return intern({Op::kFresh, token_domain, ordinal, {}});
}

ExprId ExprPool::rebuild(const ExprNode& like, std::vector<ExprId> kids) {
    switch (like.op) {
        case Op::kNot: return negate(kids[0]);
        case Op::kAnd: return conjunction(std::move(kids));
        case Op::kOr: return disjunction(std::move(kids));
        case Op::kEq: return equal(kids[0], kids[1]);
        case Op::kLt: return less(kids[0], kids[1]);
        case Op::kLe: return less_equal(kids[0], kids[1]);
        case Op::kAdd: return add(kids[0], kids[1]);
        case Op::kSub: return subtract(kids[0], kids[1]);
        case Op::kIte: return ite(kids[0], kids[1], kids[2]);
        case Op::kOld: return old(kids[0]);
        case Op::kForall:
        case Op::kExists: return quantified(like.op, static_cast<ParamId>(like.a), kids[0]);
        default: break;
    }
    ExprNode node = like;
    node.kids = std::move(kids);
    return intern(std::move(node));
}

ExprId ExprPool::rewrite(ExprId root, const std::function<ExprId(const ExprNode&, ExprId)>& leaf) {
    std::unordered_map<ExprId, ExprId> done;
    std::vector<ExprId> pending = {root};
    while (!pending.empty()) {
        const ExprId id = pending.back();
        if (done.contains(id)) {
            pending.pop_back();
            continue;
        }
        const ExprNode node = nodes_[id];
        bool ready = true;
        for (const ExprId kid : node.kids) {
            if (done.contains(kid)) continue;
            ready = false;
            pending.push_back(kid);
        }
        if (!ready) continue;
        pending.pop_back();
        if (node.kids.empty()) {
            done[id] = leaf(node, id);
            continue;
        }
        std::vector<ExprId> kids;
        kids.reserve(node.kids.size());
        for (const ExprId kid : node.kids) kids.push_back(done.at(kid));
        done[id] = rebuild(node, std::move(kids));
    }
    return done.at(root);
}

void ExprPool::visit(ExprId root, const std::function<void(ExprId, const ExprNode&)>& visit) const {
    if (nodes_[root].kids.empty()) return visit(root, nodes_[root]);
    Progress progress;
    std::vector<ExprId> pending = {root};
    while (!pending.empty()) {
        const ExprId id = pending.back();
        Progress::Of& of = progress[id];
        if (of == Progress::Of::kNothing) {
            progress.begin(id);
            for (const ExprId kid : nodes_[id].kids) {
                if (progress[kid] == Progress::Of::kNothing) pending.push_back(kid);
            }
            continue;
        }
        pending.pop_back();
        if (of == Progress::Of::kDone) continue;
        of = Progress::Of::kDone;
        visit(id, nodes_[id]);
    }
}

}  // namespace imspect::ir
