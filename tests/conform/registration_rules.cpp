#include "tests/conform/registration_rules.h"

namespace imspect::tests {

RuleNames then(RuleNames first, const RuleNames& more) {
    first.insert(first.end(), more.begin(), more.end());
    return first;
}

RuleNames up_to_vectors() {
    return {"ue.starts_unprotected(ue1, impu1)", "pcscf.forwards_sm1(ue1)", "icscf.queries_hss(ue1)", "hss.answers_query(ue1, scscf1)",
            "icscf.forwards_register(ue1, scscf1)", "scscf.puts_pending(scscf1, ue1, impu1)", "hss.applies_pending(scscf1, ue1, impu1)",
            "scscf.requests_avs_when_pending(scscf1, ue1)", "hss.gives_avs(scscf1, ue1)"};
}

RuleNames up_to_challenge() {
    return then(up_to_vectors(), {"scscf.challenges(scscf1, ue1)", "icscf.forwards_challenge(ue1)", "pcscf.sends_sm6(ue1)"});
}

RuleNames up_to_registered() {
    return then(up_to_challenge(), {"ue.answers_challenge(ue1)", "pcscf.forwards_sm7(ue1)", "icscf.queries_hss(ue1)", "hss.answers_query(ue1, scscf1)",
                                    "icscf.forwards_register(ue1, scscf1)", "scscf.verifies_and_registers(scscf1, ue1, impu1)",
                                    "hss.applies_registered(scscf1, ue1, impu1)"});
}

}  // namespace imspect::tests
