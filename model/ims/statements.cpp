// Every normative statement of the excerpt, in our own words.
#include "model/ims/scenario.h"

namespace imspect::ims {

const std::vector<Statement>& statements() {
    static const std::vector<Statement> table = {
        {"6.1.2.2-a", "6.1.2.2", "shall", "a MAC that does not verify at the UE makes the registration fail"},
        {"6.1.2.2-b", "6.1.2.2", "informative", "up to SM6 the flow is that of a success"},
        {"6.1.2.2-c", "6.1.2.2", "shall", "the UE says so in SM7, naming the cause"},
        {"6.1.2.2-d", "6.1.2.2", "shall", "P-CSCF and I-CSCF pass it on to the S-CSCF"},
        {"6.1.2.2-e", "6.1.2.2", "shall",
         "at SM9 the S-CSCF has the flag set to unregistered if the IMPU is not currently registered"},
        {"6.1.2.2-f", "6.1.2.2", "shall", "it does so with a Cx-Put in CM3"},
        {"6.1.2.2-g", "6.1.2.2", "shall", "if the IMPU is currently registered the flag is left alone"},
        {"6.1.2.2-h", "6.1.2.2", "shall", "the HSS answers CM3 with CM4"},
        {"6.1.2.2-i", "6.1.2.2", "shall", "SM10 is a 4xx that tells the UE of the failure"},
        {"6.1.2.2-j", "6.1.2.2", "shall", "SM10 carries no security parameter"},
        {"6.1.2.2-k", "6.1.2.2", "shall", "on SM10 the I-CSCF clears what it holds for the IMPI"},
        {"6.1.2.2-l", "6.1.2.2", "shall", "CM3 clears the S-CSCF name"},
        {"6.1.2.3-a", "6.1.2.3", "shall",
         "no answer to the challenge in acceptable time counts as a failed authentication"},
        {"6.1.2.3-b", "6.1.2.3", "shall",
         "the flag is then set to unregistered if the IMPU was not already registered"},
        {"6.1.2.3-c", "6.1.2.3", "shall", "if it was, the flag does not change"},
        {"6.1.3-a", "6.1.3", "may", "after a resynchronisation the run may succeed or meet other failures"},
        {"6.1.3-b", "6.1.3", "informative", "up to SM6 the flow is that of a success"},
        {"6.1.3-c", "6.1.3", "shall",
         "a UE that finds SQN out of range answers with a synchronisation failure and AUTS in SM7"},
        {"6.1.3-d", "6.1.3", "shall", "the S-CSCF then asks the HSS for m AVs in CM3"},
        {"6.1.3-e", "6.1.3", "shall", "CM3 carries IMPI, RAND, AUTS and m"},
        {"6.1.3-f", "6.1.3", "shall", "the HSS checks AUTS"},
        {"6.1.3-g", "6.1.3", "shall", "perhaps after updating SQN, it sends new AVs in CM4"},
        {"6.1.3-h", "6.1.3", "shall", "SM10 to SM18 repeat SM4 to SM12"},
        {"7.3.1.1-a", "7.3.1.1", "shall", "with a wrong IK at the UE, SM7 fails IPsec's integrity check at the P-CSCF"},
        {"7.3.1.1-b", "7.3.1.1", "shall", "the SIP application of the P-CSCF never gets that SM7"},
        {"7.3.1.1-c", "7.3.1.1", "shall", "the P-CSCF deletes the temporary SA parameters after a time-out"},
        {"7.3.1.1-d", "7.3.1.1", "shall",
         "with a right IK and a wrong response the authentication fails at the S-CSCF"},
        {"7.3.1.1-e", "7.3.1.1", "shall", "the S-CSCF sends an error to the UE, which may use an SA already set up"},
        {"7.3.1.1-f", "7.3.1.1", "shall", "UE and P-CSCF then delete the new SAs"},
        {"7.3.1.4-a", "7.3.1.4", "shall",
         "a UE whose response is not answered in time starts again if it still wants service"},
        {"7.3.1.4-b", "7.3.1.4", "should", "the first message then uses an SA of an earlier success, if there is one"},
        {"7.3.1.4-c", "7.3.1.4", "should",
         "when the lifetime of a registration SA ends the P-CSCF deletes all it holds of that procedure"},
        {"7.3.2.1-a", "7.3.2.1", "informative", "the P-CSCF may find nothing acceptable in SM1's proposal"},
        {"7.3.2.1-b", "7.3.2.1", "shall", "it then answers SM1 with an error"},
        {"7.3.2.2-a", "7.3.2.2", "shall", "a UE that can't accept SM6's set-up line abandons the procedure"},
        {"7.3.2.3-a", "7.3.2.3", "shall", "the P-CSCF checks that the algorithms list in SM7 is that of SM6"},
        {"7.3.2.3-b", "7.3.2.3", "shall", "if not, the procedure is aborted"},
    };
    return table;
}

}  // namespace imspect::ims
