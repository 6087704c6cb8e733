// The switches where the text is silent or can be read two ways; docs/readings.md is generated from this table.
#include "model/ims/scenario.h"

namespace imspect::ims {

const std::vector<Reading>& readings() {
    static const std::vector<Reading> table = {
        {"cm3-lookup", {"atomic", "at-sm9"},
         {"the S-CSCF looks up 'currently registered' in one step with sending CM3",
          "it looks up when SM9 comes and sends CM3 later; other runs may come in between"},
         "", {"6.1.2.2"}, "when the S-CSCF looks up 'currently registered'"},
        {"registered-from", {"res", "hss-answer"},
         {"an IMPU counts as registered from RES = XRES on", "from the HSS's answer to Put(registered) on"},
         "", {"6.1.2.2", "6.1.2.3"}, "what counts as registered at the S-CSCF"},
        {"registered-for", {"impu", "impi"},
         {"an IMPU is registered if any of its IMPIs registered it", "only if the IMPI of this run registered it"},
         "", {"6.1.2.2", "6.1.2.3"}, "registered for whom"},
        {"cx-order", {"fifo", "reorder"}, {"Cx messages of an S-CSCF arrive in order", "they may overtake each other (costs a fault)"},
         "", {"6.1.2.2"}, "order of Cx messages towards the HSS"},
        {"sm10-after-cm3", {"waits", "at-once"}, {"SM10 waits for CM4", "SM10 is sent together with CM3"}, "", {"6.1.2.2"}, "SM10 after CM3"},
        {"put-unanswered", {"wait", "give-up", "repeat", "look-again"},
         {"the S-CSCF waits for ever for the answer to CM3 or Put(pending)", "a Diameter timer ends the run with 4xx",
          "a Diameter timer repeats the Put unchanged", "a Diameter timer repeats the Put after looking again whether the IMPU is registered"},
         "", {"6.1.2.2"}, "CM3 or Put(pending) is not answered"},
        {"av-request-unanswered", {"fail", "wait"}, {"a Diameter timer fails the run as an authentication fails", "the S-CSCF waits for ever"},
         "", {"6.1.3"}, "Cx-AV-Req is not answered"},
        {"put-registered-unanswered", {"drop", "repeat", "accept"},
         {"4xx, and the S-CSCF drops the registration", "the Put is repeated", "2xx all the same"}, "", {"6.1.1"}, "Put(registered) is not answered"},
        {"hss-clear-registered", {"obeys", "refuses"},
         {"the HSS clears, or sets pending, an IMPU whose flag is registered when it is told to", "it leaves a registered flag alone"},
         "", {"6.1.2.2"}, "the HSS is told to clear, or to set pending, a registered IMPU"},
        {"foreign-put", {"refuses", "obeys"}, {"only the S-CSCF whose name is stored may clear or register", "the HSS obeys any S-CSCF"},
         "obeys", {"6.1.2.2"}, "a Cx-Put from another S-CSCF than the stored one"},
        {"failure-without-challenge", {"error", "cm3"}, {"4xx without CM3", "CM3 all the same"}, "cm3", {"6.1.2.2"},
         "a failure REGISTER arrives and no challenge is running"},
        {"late-response", {"dead", "accepted"}, {"after the await timer the challenge is dead, a late SM9 gets 4xx", "a late SM9 is still accepted"},
         "", {"6.1.2.3"}, "the challenge after the await timer"},
        {"second-sm1-scscf", {"supersedes", "fails-old", "refused"},
         {"a new run takes the place of the open one, without CM3", "the open run has failed, with CM3 where due", "the new SM1 is refused"},
         "", {"6.1.2.3"}, "a second SM1 for an IMPI with an open run at the S-CSCF"},
        {"second-sm1-pcscf", {"latest", "protected", "absorbed"},
         {"the latest SM1 wins", "the temporary set is protected until it ends", "a repeated SM1 is absorbed, another wins"}, "", {"7.3.1.4"},
         "a second SM1 at the P-CSCF"},
        {"leftover-avs", {"flushed", "used"}, {"AVs left over are discarded when a resynchronisation is asked for", "they are used before the new ones"},
         "", {"6.1.3"}, "AVs left over after a resynchronisation"},
        {"auts-refused", {"no-av", "fresh-avs"}, {"no AV: the run fails", "fresh AVs, SQN untouched"}, "", {"6.1.3"}, "the HSS finds AUTS wrong"},
        {"old-sa", {"until-used", "at-once"}, {"the old SA set is kept until the new one is used", "it is deleted with SM12"}, "", {"7.3.1.1"},
         "the old SA at the P-CSCF after SM12"},
        {"unprotected-failure", {"discarded", "accepted"}, {"it is discarded", "it is accepted"}, "accepted", {"6.1.2.2", "6.1.3"},
         "an unprotected failure SM7 in a run that began protected"},
        {"sm7-comparison", {"all", "algorithms"},
         {"lists, SPIs and ports of SM6 and SM1 are compared", "only the authentication algorithms list of SM7 with that of SM6"}, "algorithms",
         {"7.3.2.3"}, "what the P-CSCF compares in SM7"},
        {"sm6-list", {"static", "intersection"}, {"SM6 carries the P-CSCF's own list", "SM6 carries the intersection with SM1's list"}, "", {"7.3.2.1"},
         "the P-CSCF's list in SM6"},
        {"icscf-clears-on", {"final", "any-4xx"}, {"a 4xx that ends the run (a challenge is no failure)", "any 4xx"}, "any-4xx", {"6.1.2.2"},
         "the I-CSCF clears on"},
        {"icscf-clears", {"run", "impi"}, {"what it holds of the run", "all that it holds of the IMPI"}, "impi", {"6.1.2.2"}, "what the I-CSCF clears"},
        {"late-at-pcscf", {"dropped", "processed"}, {"SM5 or SM11 after the P-CSCF's timer is dropped", "it is processed"}, "", {"7.3.1.4"},
         "SM5 or SM11 at the P-CSCF after its timer"},
        {"protected-reregistration", {"challenged", "optional"},
         {"a protected re-registration is challenged as any other", "the S-CSCF may also accept it without a challenge"}, "", {"6.1.5"}, "a protected REGISTER of a registered IMPU"},
        {"scscf-clears", {"if-not-registered", "always"},
         {"CM3 only if the IMPU is not currently registered", "a deviation seen in real cores: CM3 after every failure"}, "", {"6.1.2.2"},
         "whether the S-CSCF looks before CM3"},
        {"mac-failure", {"error", "challenged-again"},
         {"AuthenticationFailure ends the run", "a deviation seen in real cores: it is challenged again"}, "", {"6.1.2.2"}, "what follows AuthenticationFailure"},
    };
    return table;
}

const std::vector<Profile>& profiles() {
    static const std::vector<Profile> table = {
        {"scscf", "specification", "the S-CSCF of the text under the scenario's readings", {}},
        {"scscf", "kamailio-5.6.3", "MAC failure challenged again; Cx answers not waited for",
         {{"mac-failure", "challenged-again"}, {"put-unanswered", "give-up"}}},
        {"scscf", "clearwater", "wrong RES clears even a registered IMPU; MAC failure challenged again",
         {{"scscf-clears", "always"}, {"mac-failure", "challenged-again"}}},
        {"pcscf", "specification", "the P-CSCF of the text under the scenario's readings", {}},
        {"pcscf", "kamailio-5.6.3", "Security-Verify not compared beyond the algorithms; Security-Server echoes the UE's list",
         {{"sm7-comparison", "algorithms"}, {"sm6-list", "intersection"}}},
        {"hss", "specification", "the HSS of the text under the scenario's readings", {}},
        {"hss", "fhoss", "clears a registered IMPU; Put(pending) turns registered into pending", {{"hss-clear-registered", "obeys"}}},
        {"hss", "pyhss", "any clearing Put is obeyed; MAC-S of AUTS is ignored",
         {{"hss-clear-registered", "obeys"}, {"foreign-put", "obeys"}, {"auts-refused", "fresh-avs"}}},
    };
    return table;
}

const std::vector<Timer>& timers() {
    static const std::vector<Timer> table = {
        {"gm-t1", 2, "SIP T1 between UE and P-CSCF"},
        {"gm-f", 128, "the UE's request timer (64 * T1): ue.request_times_out"},
        {"core-t1", 0.5, "SIP T1 in the core"},
        {"core-f", 32, "request timer in the core"},
        {"reg-await-auth", 240, "the S-CSCF waits for SM9: scscf.await_timer_fires; also the lifetime of the temporary SA set: pcscf.temporary_sa_expires"},
        {"diameter", 10, "answers on Cx; the value is the operator's choice"},
    };
    return table;
}

const std::vector<Described>& fault_kinds() {
    static const std::vector<Described> table = {
        {"loss", "a SIP message is lost"},
        {"cx-loss", "a Diameter message is lost, or not answered"},
        {"duplication", "a SIP message arrives twice"},
        {"reordering", "a SIP message overtakes another on its hop"},
        {"late", "a timer fires although the answer is still on its way: late arrival"},
        {"wrong-res", "the UE computes a wrong RES"},
        {"wrong-ik", "the UE derives a wrong IK"},
        {"wrong-echo", "the UE repeats other lists in SM7 than SM6 brought"},
        {"bad-mac", "the MAC of a challenge does not verify at the UE"},
        {"stale-sqn", "SQN_MS has run ahead of the HSS"},
        {"silent-ue", "the UE does not answer a challenge"},
        {"unacceptable-proposal", "the P-CSCF refuses SM1's lists, or the UE those of SM6"},
        {"fewer-avs", "the HSS gives fewer AVs than asked for, or none"},
        {"pcscf-restart", "the P-CSCF loses its state"},
        {"scscf-restart", "the S-CSCF loses its state"},
        {"reassignment", "the HSS lets the I-CSCF pick another S-CSCF than the stored one"},
        {"expiry", "a registration or the SAs of a UE expire"},
    };
    return table;
}

const std::vector<Described>& attacker_powers() {
    static const std::vector<Described> table = {
        {"inject-register", "sends SM1 in the victim's name"},
        {"inject-failure", "sends an unprotected SM7 with AuthenticationFailure"},
        {"inject-sync-failure", "sends an unprotected SM7 with AUTS made up"},
        {"inject-challenge", "sends SM6 with a wrong MAC"},
        {"inject-error", "sends an unprotected 4xx to the UE"},
        {"modify", "changes the security set-up in an unprotected SM1 or SM6"},
        {"drop", "suppresses unprotected messages"},
        {"replay", "sends an overheard challenge again"},
    };
    return table;
}

const std::vector<Described>& features() {
    static const std::vector<Described> table = {
        {"deregistration", "UEs may de-register"},
        {"traffic", "UEs send requests other than REGISTER on their SAs"},
        {"sa-detail", "SPIs and lifetimes of SAs"},
    };
    return table;
}

}  // namespace imspect::ims
