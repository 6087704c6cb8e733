// The reader of models in JSON: declarations in json_read.cpp, rules in json_rules.cpp.
//
// Private to model/ir. After the first error (see Reading) everything is read on as empty values and nothing is kept.
// Thread-safety: one reading, one thread.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "model/ir/expression_text.h"
#include "model/ir/json_keys.h"
#include "model/ir/system.h"

namespace imspect::ir {

class ModelReader {
public:
    ModelReader(Reading& reading, System& system);
    /// Fills the system; gives the properties that stand in the document.
    std::vector<std::string> run(const Json& document);

private:
    using Member = std::function<void(const std::string& name, const Json& entry, const std::string& path)>;
    using Item = std::function<void(const Json& entry, const std::string& path)>;

    [[nodiscard]] bool good() const { return !reading_.error; }
    void each(Keys& keys, const char* key, bool required, const Member& visit);
    void items(Keys& keys, const char* key, const Item& visit);

    DomainId declare(Domain domain);
    void read_domain(const std::string& name, const Json& entry, const std::string& path);
    void read_state(Keys& keys);
    NodeId node(Keys& keys, const char* key);
    DomainId domain(const std::string& name, const std::string& path);
    std::vector<DomainId> domains(Keys& keys, const char* key);
    Value initial(Keys& keys, DomainId id);
    void read_variable(const std::string& name, const Json& entry, const std::string& path);
    VarId add_variable(Variable variable);
    void read_channel(const std::string& name, const Json& entry, const std::string& path);
    void read_event(const std::string& name, const Json& entry, const std::string& path);
    void read_definition(const std::string& name, const Json& entry, const std::string& path);
    void read_deferrals(const Json& channels, const std::string& path);
    void read_waiting(const std::string& name, const Json& entry, const std::string& path);

    std::vector<ParamId> parameters(Keys& keys);
    ExprId expression(const std::string& text, const std::string& path, std::optional<DomainId> expected);
    ExprId condition(Keys& keys, const char* key, bool required);

    void read_rule(const std::string& name, const Json& entry, const std::string& path);
    void read_updates(Keys& keys, Rule& rule);
    void read_step(Keys& keys, Rule& rule);
    void read_fields(Keys& keys, ChannelStep& step);
    void require_message(Rule& rule, const ChannelStep& step);
    void read_raise(Keys& keys, Rule& rule);
    void read_label(Keys& keys, Rule& rule);
    void read_bound(Keys& keys, Rule& rule);

    Reading& reading_;
    System& system_;
    ExpressionReader expressions_;
    std::vector<std::string> events_;
};

}  // namespace imspect::ir
